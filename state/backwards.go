package state

import (
	"bytes"
	"io"
	"iter"
)

const (
	backChunk   = 64 << 10
	longestLine = 1 << 20 // a longer one is none of ours and passed over
)

// backwards yields the lines of a file, the last one first, without their line breaks and
// without empty ones. A line is the caller's until the next.
func backwards(f io.ReadSeeker) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		at, err := f.Seek(0, io.SeekEnd)
		if err != nil {
			yield(nil, err)
			return
		}
		var rest []byte // the beginning of a line whose first part is still unread
		skipping := false
		for at > 0 {
			n := min(at, backChunk)
			at -= n
			chunk := make([]byte, int(n), int(n)+len(rest))
			if _, err := f.Seek(at, io.SeekStart); err != nil {
				yield(nil, err)
				return
			}
			if _, err := io.ReadFull(f, chunk); err != nil {
				yield(nil, err)
				return
			}
			chunk = append(chunk, rest...)
			for {
				i := bytes.LastIndexByte(chunk, '\n')
				if i < 0 {
					break
				}
				if line := chunk[i+1:]; len(line) > 0 && !skipping && !yield(line, nil) {
					return
				}
				chunk, skipping = chunk[:i], false
			}
			if rest = chunk; len(rest) > longestLine {
				rest, skipping = nil, true
			}
		}
		if len(rest) > 0 && !skipping {
			yield(rest, nil)
		}
	}
}
