package schedule

import (
	"archive/zip"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestParseZone(t *testing.T) {
	for name, suggestion := range map[string]string{
		"":                  `"UTC"`,
		"PST":               `"America/Los_Angeles"`,
		"JST":               `"Asia/Tokyo"`,
		"EST":               `"America/New_York"`,
		"CST6CDT":           `"America/Chicago"`,
		"CST":               `"America/Chicago" or "Asia/Shanghai"`,
		"+09:00":            `"Asia/Tokyo"`,
		"+9":                `"Asia/Tokyo"`,
		"-0800":             `"America/Los_Angeles"`,
		"UTC+9":             `"Asia/Tokyo"`,
		"GMT-3":             `"America/Sao_Paulo"`,
		"+13:37":            "Region/City",
		"Local":             "Region/City",
		"local":             "Region/City",
		"utc":               `"UTC"`,
		"GMT":               `"UTC"`,
		"Z":                 `"UTC"`,
		"Japan":             `"Asia/Tokyo"`,
		"CET":               `"Europe/Berlin" or "Europe/Paris"`,
		"asia/tokyo":        `"Asia/Tokyo"`,
		"Tokyo":             `"Asia/Tokyo"`,
		"America/New York":  `"America/New_York"`,
		"new york":          `"America/New_York"`,
		"Asia/Tokio":        `"Asia/Tokyo"`,
		"Europe/Kyyiv":      `"Europe/Kyiv"`,
		"Asia/Tokyo\n":      `"Asia/Tokyo"`,
		"Asia":              "Region/City",
		"../etc/passwd":     "Region/City",
		"posix/Asia/Tokyo":  "Region/City",
		"Mars/Olympus_Mons": "Region/City",
	} {
		_, err := ParseZone(name)
		var e *Error
		if !errors.As(err, &e) || e.Field != "timezone" || !strings.Contains(e.Suggestion, suggestion) {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range append(strings.Fields(zoneNames), "UTC") {
		zone, err := ParseZone(name)
		if err != nil || zone.String() != name {
			t.Errorf("%q: %v, %v", name, zone, err)
		}
	}
}

// TestSuggestedZonesExist: whatever a name is suggested for, it is accepted itself.
func TestSuggestedZonesExist(t *testing.T) {
	tried := strings.Fields(`UTC PST MST CST CDT EST AKST HST AST BRT JST KST IST SGT HKT PRC ROC BST WET CET EET MSK TRT Poland
		Eire Iceland SAST Egypt Libya Israel Iran Cuba Jamaica AEST ACST AWST NZ NZ-CHAT Kwajalein`)
	for h := -11; h <= 14; h++ {
		tried = append(tried, fmt.Sprintf("%+03d", h))
	}
	for _, name := range tried {
		for _, near := range nearZones(name) {
			if err := CheckZone(strings.Trim(near, `"`)); err != nil {
				t.Errorf("for %q: %v", name, err)
			}
		}
		if len(nearZones(name)) == 0 {
			t.Errorf("nothing is suggested for %q", name)
		}
	}
}

// TestZoneNames compares the list with the database that comes with Go.
func TestZoneNames(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skipf("there is no go command to ask for its database: %v", err)
	}
	database, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Skipf("this Go comes without its database: %v", err)
	}
	defer database.Close()
	var want []string
	for _, f := range database.File {
		if strings.Contains(f.Name, "/") && !strings.HasSuffix(f.Name, "/") {
			want = append(want, f.Name)
		}
	}
	slices.Sort(want)
	if got := strings.Fields(zoneNames); !slices.Equal(got, want) {
		t.Errorf("%d names, the database has %d", len(got), len(want))
	}
}
