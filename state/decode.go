package state

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/setting"
)

// Decode reads what Encode wrote. Its errors are *FileError without a path: ErrEmpty,
// ErrTruncated, ErrCorrupt, ErrForeign or ErrNewer. What is written alike is shared: nobody
// may change a map of settings in it.
func Decode(data []byte) (*State, error) {
	format, err := formatOf(data)
	if err != nil {
		return nil, err
	}
	if format > Format {
		return nil, &FileError{Err: ErrNewer, Detail: fmt.Sprintf(
			"It has format %d, and this inlay reads formats up to %d. Use the version of inlay that wrote it, or a later one.", format, Format)}
	}
	if err := verify(data, format); err != nil {
		return nil, err
	}
	return parse(data)
}

// formatOf tells what a file is by its first bytes.
func formatOf(data []byte) (int, error) {
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return 0, &FileError{Err: ErrEmpty, Detail: "Nothing stands in it. " + adviceLost}
	case len(bytes.Trim(data, "\x00")) == 0, len(data) < len(headKind) && bytes.HasPrefix([]byte(headKind), data):
		return 0, truncated()
	case !bytes.HasPrefix(data, []byte(headKind)):
		if bytes.Contains(data[:min(len(data), 200)], []byte(`"inlay state"`)) {
			return 0, corrupt("It was changed by something other than inlay.")
		}
		return 0, &FileError{Err: ErrForeign, Detail: "It does not begin as one, so it is left alone. " +
			"Name another file as `state` in the `inlay` block, or move this one away."}
	}
	rest := data[len(headKind):]
	digits := bytes.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if digits < 0 {
		return 0, truncated()
	}
	format, err := strconv.Atoi(string(rest[:digits]))
	if err != nil || format < 1 {
		return 0, corrupt("The number of its format cannot be read.")
	}
	return format, nil
}

// verify holds a file against its checksum.
func verify(data []byte, format int) error {
	if !bytes.HasSuffix(data, []byte(fileEnd)) {
		return truncated()
	}
	head := headKind + strconv.Itoa(format) + headChecksum
	if !bytes.HasPrefix(data, []byte(head)) || len(data) < len(head)+checksumSize {
		return corrupt("Its checksum cannot be found.")
	}
	at := len(head)
	if checksum(data[:at], data[at+checksumSize:]) != string(data[at:at+checksumSize]) {
		return corrupt("Its checksum does not fit its content: it was edited by hand, or the disk changed it.")
	}
	return nil
}

func parse(data []byte) (*State, error) {
	form := stored{State: &State{}}
	rest, ok := form.many(data)
	if !ok {
		form, rest = stored{State: &State{}}, data
	}
	d := json.NewDecoder(bytes.NewReader(rest))
	d.UseNumber()
	if err := d.Decode(&form); err != nil {
		return nil, notJSON(err)
	}
	if d.More() {
		return nil, corrupt("Something stands after its end.")
	}
	s := form.State
	s.Format = form.Format
	if err := s.restoreSources(form.Sources); err != nil {
		return nil, err
	}
	if err := s.restoreTargets(form); err != nil {
		return nil, err
	}
	for _, c := range s.Connections {
		plainValues(c.Settings)
	}
	for _, c := range s.Schedules {
		plainValues(c.Settings)
	}
	plainValues(s.Outputs)
	return s, nil
}

// restoreSources decodes settings that are written alike once.
func (s *State) restoreSources(sources map[addr.Address]storedSource) error {
	if sources == nil {
		return nil
	}
	s.Sources = make(map[addr.Address]Source, len(sources))
	memo := map[string]setting.Values{}
	for a, src := range sources {
		settings, known := memo[string(src.Settings)]
		if !known {
			d := json.NewDecoder(bytes.NewReader(src.Settings))
			d.UseNumber()
			if err := d.Decode(&settings); err != nil {
				return notJSON(err)
			}
			plainValues(settings)
			memo[string(src.Settings)] = settings
		}
		src.Source.Settings = settings
		s.Sources[a] = src.Source
	}
	return nil
}

// restoreTargets gives the targets their specs.
func (s *State) restoreTargets(form stored) error {
	for _, s := range form.Specs {
		plainValues(s.Connection)
		plainValues(s.Source)
		plainValues(s.Target)
	}
	if form.Targets != nil {
		s.Targets = make(map[addr.Address]Target, len(form.Targets))
	}
	for a, t := range form.Targets {
		s.Targets[a] = t.Target
		form.named = append(form.named, namedSpec{a, t.Spec})
	}
	for _, n := range form.named {
		t := s.Targets[n.target]
		var ok bool
		if t.Spec, ok = form.Specs[n.spec]; !ok {
			return corrupt(fmt.Sprintf("The spec of %s is missing.", n.target))
		}
		s.Targets[n.target] = t
	}
	return nil
}

func notJSON(err error) error { return corrupt(fmt.Sprintf("It cannot be read as JSON: %v.", err)) }

const adviceLost = "Put the copy from before the last write, which ends in .backup, in its place; " +
	"or remove it: the next apply adopts the tables back from their manifests."

func truncated() error {
	return &FileError{Err: ErrTruncated, Detail: "Its end is missing, as after a copy that was broken off. " + adviceLost}
}

func corrupt(what string) error {
	return &FileError{Err: ErrCorrupt, Detail: what + " " + adviceLost}
}
