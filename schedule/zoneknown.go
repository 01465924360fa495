package schedule

import (
	"fmt"
	"strings"
)

// knownAs returns the zones that a common name which is not Region/City may stand for,
// separated by spaces; "" when it is none.
func knownAs(name string) string {
	switch strings.ToUpper(strings.TrimSpace(name)) {
	case "UTC", "UCT", "ZULU", "Z", "UNIVERSAL", "GREENWICH", "GMT", "GMT0", "GMT+0", "GMT-0", "UTC+0", "UTC-0", "+00:00", "-00:00", "+0000", "+00":
		return "UTC"
	case "PST", "PDT", "PT", "PST8PDT":
		return "America/Los_Angeles"
	case "MST", "MDT", "MT", "MST7MDT", "NAVAJO":
		return "America/Denver"
	case "CST":
		return "America/Chicago Asia/Shanghai"
	case "CDT", "CT", "CST6CDT":
		return "America/Chicago"
	case "EST", "EDT", "ET", "EST5EDT":
		return "America/New_York"
	case "AKST", "AKDT":
		return "America/Anchorage"
	case "HST":
		return "Pacific/Honolulu"
	case "AST", "ADT":
		return "America/Halifax"
	case "BRT", "BRST":
		return "America/Sao_Paulo"
	case "JST", "JAPAN":
		return "Asia/Tokyo"
	case "KST", "ROK":
		return "Asia/Seoul"
	case "IST":
		return "Asia/Kolkata Europe/Dublin Asia/Jerusalem"
	case "SGT", "SINGAPORE":
		return "Asia/Singapore"
	case "HKT", "HONGKONG":
		return "Asia/Hong_Kong"
	case "PRC":
		return "Asia/Shanghai"
	case "ROC":
		return "Asia/Taipei"
	}
	return knownElsewhere(strings.ToUpper(strings.TrimSpace(name)))
}

// knownElsewhere is knownAs for Europe, Africa and Oceania, and for names of countries.
func knownElsewhere(name string) string {
	switch name {
	case "BST", "GB", "GB-EIRE":
		return "Europe/London"
	case "WET", "WEST", "PORTUGAL":
		return "Europe/Lisbon"
	case "CET", "CEST", "MET", "MEST":
		return "Europe/Berlin Europe/Paris"
	case "EET", "EEST":
		return "Europe/Athens Europe/Helsinki"
	case "MSK", "W-SU":
		return "Europe/Moscow"
	case "TRT", "TURKEY":
		return "Europe/Istanbul"
	case "POLAND":
		return "Europe/Warsaw"
	case "EIRE":
		return "Europe/Dublin"
	case "ICELAND":
		return "Atlantic/Reykjavik"
	case "SAST":
		return "Africa/Johannesburg"
	case "EGYPT":
		return "Africa/Cairo"
	case "LIBYA":
		return "Africa/Tripoli"
	case "ISRAEL":
		return "Asia/Jerusalem"
	case "IRAN":
		return "Asia/Tehran"
	case "CUBA":
		return "America/Havana"
	case "JAMAICA":
		return "America/Jamaica"
	case "AEST", "AEDT":
		return "Australia/Sydney Australia/Brisbane"
	case "ACST", "ACDT":
		return "Australia/Adelaide Australia/Darwin"
	case "AWST":
		return "Australia/Perth"
	case "NZST", "NZDT", "NZ":
		return "Pacific/Auckland"
	case "NZ-CHAT":
		return "Pacific/Chatham"
	case "KWAJALEIN":
		return "Pacific/Kwajalein"
	}
	return ""
}

// offsetZone suggests, for an offset of whole or half hours, a city that keeps it.
func offsetZone(name string) []string {
	text := strings.TrimLeft(strings.ToUpper(name), "UTCGMZ")
	sign, digits := text[:1], strings.ReplaceAll(text[1:], ":", "")
	if len(digits) <= 2 {
		digits = fmt.Sprintf("%02s00", digits)
	}
	if len(digits) == 3 {
		digits = "0" + digits
	}
	city := map[string]string{
		"+0000": "UTC", "-0000": "UTC", "+0100": "Europe/Berlin", "+0200": "Europe/Athens", "+0300": "Europe/Moscow",
		"+0330": "Asia/Tehran", "+0400": "Asia/Dubai", "+0500": "Asia/Karachi", "+0530": "Asia/Kolkata", "+0545": "Asia/Kathmandu",
		"+0600": "Asia/Dhaka", "+0630": "Asia/Yangon", "+0700": "Asia/Bangkok", "+0800": "Asia/Singapore", "+0900": "Asia/Tokyo",
		"+0930": "Australia/Adelaide", "+1000": "Australia/Brisbane", "+1100": "Pacific/Noumea", "+1200": "Pacific/Auckland",
		"+1300": "Pacific/Tongatapu", "+1400": "Pacific/Kiritimati", "-0100": "Atlantic/Azores", "-0200": "America/Noronha",
		"-0300": "America/Sao_Paulo", "-0330": "America/St_Johns", "-0400": "America/Halifax", "-0500": "America/New_York",
		"-0600": "America/Chicago", "-0700": "America/Denver", "-0800": "America/Los_Angeles", "-0900": "America/Anchorage",
		"-1000": "Pacific/Honolulu", "-1100": "Pacific/Pago_Pago",
	}[sign+digits]
	if city == "" {
		return nil
	}
	return []string{fmt.Sprintf("%q", city)}
}
