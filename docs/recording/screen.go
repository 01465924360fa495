package main

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// style is how a character looks: a colour by its SGR number, 0 for that of plain text.
type style struct {
	color     int
	bold, dim bool
}

type cell struct {
	char  rune
	style style
}

// screen is what a terminal shows. It follows the sequences that inlay writes: colours,
// carriage return, the cursor some lines up, and clearing to the end.
type screen struct {
	columns, rows int
	lines         [][]cell
	row, column   int
	now           style
	rest          []byte // of a sequence or character that is not whole yet
}

func newScreen(columns, rows int) *screen {
	return &screen{columns: columns, rows: rows, lines: make([][]cell, rows)}
}

// Write shows bytes. It never fails.
func (s *screen) Write(p []byte) (int, error) {
	data := append(s.rest, p...)
	for len(data) > 0 {
		n := s.one(data)
		if n == 0 {
			break
		}
		data = data[n:]
	}
	s.rest = append([]byte(nil), data...)
	return len(p), nil
}

// one shows the next character or follows the next sequence, and says how long it was; 0
// when it is not whole.
func (s *screen) one(data []byte) int {
	if data[0] == 0x1b {
		end := strings.IndexFunc(string(data), func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' })
		if end < 0 {
			return 0
		}
		s.sequence(strings.TrimPrefix(string(data[1:end]), "["), data[end])
		return end + 1
	}
	if !utf8.FullRune(data) {
		return 0
	}
	char, n := utf8.DecodeRune(data)
	switch char {
	case '\r':
		s.column = 0
	case '\n':
		s.down()
	default:
		s.put(char)
	}
	return n
}

func (s *screen) put(char rune) {
	if s.column == s.columns {
		s.column = 0
		s.down()
	}
	line := s.lines[s.row]
	for len(line) <= s.column {
		line = append(line, cell{char: ' '})
	}
	line[s.column] = cell{char, s.now}
	s.lines[s.row] = line
	s.column++
}

func (s *screen) down() {
	if s.row++; s.row == s.rows {
		s.row--
		copy(s.lines, s.lines[1:])
		s.lines[s.row] = nil
	}
}

func (s *screen) sequence(arguments string, final byte) {
	switch final {
	case 'A':
		n, err := strconv.Atoi(arguments)
		if err != nil {
			n = 1
		}
		s.row = max(s.row-n, 0)
	case 'J', 'K':
		s.lines[s.row] = s.lines[s.row][:min(s.column, len(s.lines[s.row]))]
		for i := s.row + 1; final == 'J' && i < s.rows; i++ {
			s.lines[i] = nil
		}
	case 'm':
		for a := range strings.SplitSeq(arguments, ";") {
			s.look(a)
		}
	}
}

func (s *screen) look(argument string) {
	switch n, _ := strconv.Atoi(argument); {
	case n == 0:
		s.now = style{}
	case n == 1:
		s.now.bold = true
	case n == 2:
		s.now.dim = true
	case n >= 30 && n <= 37:
		s.now.color = n
	}
}

// text is what the screen shows, without its empty end.
func (s *screen) text() string {
	var out strings.Builder
	for _, line := range s.lines {
		for _, c := range line {
			out.WriteRune(c.char)
		}
		out.WriteByte('\n')
	}
	return strings.TrimRight(out.String(), "\n")
}

// frame is a copy of the lines as they are now.
func (s *screen) frame(seconds float64) frame {
	f := frame{seconds: seconds}
	for _, line := range s.lines {
		f.lines = append(f.lines, append([]cell(nil), line...))
	}
	return f
}

// frame is one picture and how long it stays.
type frame struct {
	lines   [][]cell
	seconds float64
}
