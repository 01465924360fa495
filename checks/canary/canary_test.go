package canary

import (
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// TestFind hides the token in every way and finds it, at every alignment of base64.
func TestFind(t *testing.T) {
	hidden := map[string]string{"plain": "a" + Token + "b", "url": "?t=" + url.QueryEscape(Token), "path": "/" + url.PathEscape(Token)}
	for _, before := range []string{"", "a", "ab", "abc", "Bearer "} {
		hidden["base64 after "+before] = base64.StdEncoding.EncodeToString([]byte(before + Token + "z"))
		hidden["base64 for URLs after "+before] = base64.URLEncoding.EncodeToString([]byte(before + Token))
	}
	for name, text := range hidden {
		if Find([]byte(text)) == "" {
			t.Errorf("%s: not found in %s", name, text)
		}
	}
	if f := Find([]byte("canary, canary/7f3a+91c2")); f != "" {
		t.Errorf("found %s where it is not", f)
	}
}

// TestScanLooksInsideParquet hides the token in a compressed column of a part.
func TestScanLooksInsideParquet(t *testing.T) {
	type row struct {
		ID   int64  `parquet:"id"`
		Rest string `parquet:"rest,zstd,dict"`
	}
	for _, secret := range []string{Token, "nothing"} {
		dir := t.TempDir()
		f, err := os.Create(filepath.Join(dir, "part.parquet"))
		if err != nil {
			t.Fatal(err)
		}
		w := parquet.NewGenericWriter[row](f)
		rows := make([]row, 5000)
		for i := range rows {
			rows[i] = row{int64(i), "some text that compresses well"}
		}
		rows[4000].Rest = `{"odd":"` + secret + `"}`
		if _, err := w.Write(rows); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		found, err := Scan(dir)
		if err != nil || (len(found) == 1) != (secret == Token) {
			t.Errorf("%s: %v %v", secret, found, err)
		}
	}
}
