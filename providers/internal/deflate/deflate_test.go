package deflate

import (
	"bytes"
	"compress/flate"
	stdgzip "compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// packed is text as one member, at one of gzip's levels.
func packed(t testing.TB, text []byte, level int) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := stdgzip.NewWriterLevel(&out, level)
	if err != nil {
		t.Fatal(err)
	}
	w.Name, w.Comment, w.Extra = "a name", "a comment", []byte{1, 2, 3}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// texts are what bodies are like, and what they are not.
func texts() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	var list strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&list, `{"type":"contact","id":"%024x","email":"person%d@studio.example","created_at":%d},`, r.Uint64(), i, 1_700_000_000+r.IntN(1e6))
	}
	skewed := make([]byte, 300_000) // codes of up to 15 bits
	for i := range skewed {
		skewed[i] = byte(min(255, int(r.ExpFloat64()*12)))
	}
	return map[string][]byte{
		"nothing": {}, "one byte": {7}, "zeros": make([]byte, 200_000), "noise": noise, "a list": []byte(list.String()), "skewed": skewed,
		"pairs": bytes.Repeat([]byte("ab"), 5000), "sevens": bytes.Repeat([]byte("abcdefg"), 5000),
	}
}

// TestBodiesAreOpened packs each text at each level, and in several members.
func TestBodiesAreOpened(t *testing.T) {
	var d Decoder
	for name, text := range texts() {
		for _, level := range []int{stdgzip.HuffmanOnly, 0, 1, 6, 9} {
			one := packed(t, text, level)
			got, err := d.Gunzip(one, 1<<30)
			if err != nil || !bytes.Equal(got, text) {
				t.Errorf("%s at level %d: %d of %d bytes, %v", name, level, len(got), len(text), err)
			}
			two, err := d.Gunzip(append(one, packed(t, []byte("more"), 9)...), 1<<30)
			if err != nil || string(two) != string(text)+"more" {
				t.Errorf("%s and more at level %d: %d bytes, %v", name, level, len(two), err)
			}
		}
	}
}

// TestABodyIsBounded opens bodies that are exactly as large as allowed, and one byte larger.
func TestABodyIsBounded(t *testing.T) {
	var d Decoder
	for name, text := range texts() {
		one := packed(t, text, 6)
		if _, err := d.Gunzip(one, int64(len(text))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(text) == 0 {
			continue
		}
		if _, err := d.Gunzip(one, int64(len(text))-1); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s, one byte too large: %v", name, err)
		}
	}
}

// TestABodyThatEndsEarlyIsRefused cuts a body at every byte.
func TestABodyThatEndsEarlyIsRefused(t *testing.T) {
	var d Decoder
	one := packed(t, texts()["a list"][:2000], 6)
	for n := range one {
		if _, err := d.Gunzip(one[:n], 1<<20); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%d of %d bytes: %v", n, len(one), err)
		}
	}
}

// FuzzAsTheStandardLibrary opens anything as the standard library does, or refuses it as
// well. What follows the fuzzed bytes makes their sums right, so that blocks are looked at.
func FuzzAsTheStandardLibrary(f *testing.F) {
	for _, text := range texts() {
		f.Add(packed(f, text[:min(len(text), 600)], 6), false)
		f.Add(packed(f, text[:min(len(text), 600)], 6)[32:], true)
	}
	const most = 1 << 20
	f.Fuzz(func(t *testing.T, body []byte, blocks bool) {
		if blocks {
			body = member(body)
		}
		want, wantErr := standard(body, most)
		var d Decoder
		got, err := d.Gunzip(body, most)
		if errors.Is(wantErr, ErrTooLarge) && err != nil {
			return // whichever is seen first
		}
		if (err == nil) != (wantErr == nil) || err == nil && !bytes.Equal(got, want) {
			t.Fatalf("%d bytes, %v; the standard library reads %d, %v", len(got), err, len(want), wantErr)
		}
	})
}

func standard(body []byte, most int64) ([]byte, error) {
	z, err := stdgzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(z, most+1))
	if err == nil && int64(len(out)) > most {
		err = ErrTooLarge
	}
	return out, err
}

// member is blocks with the head and the sums of a member around them.
func member(blocks []byte) []byte {
	in := bytes.NewReader(blocks)
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(in), 1<<20))
	if err != nil {
		text = nil
	}
	out := append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0}, blocks[:len(blocks)-in.Len()]...)
	out = binary.LittleEndian.AppendUint32(out, crc32.ChecksumIEEE(text))
	return binary.LittleEndian.AppendUint32(out, uint32(len(text)))
}

// BenchmarkGunzip opens a page of a search, beside the library that is otherwise used.
func BenchmarkGunzip(b *testing.B) {
	text := texts()["a list"]
	body := packed(b, text, 6)
	b.Run("here", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		var d Decoder
		for b.Loop() {
			if _, err := d.Gunzip(body, 1<<30); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("klauspost", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		z := new(gzip.Reader)
		for b.Loop() {
			out := bytes.NewBuffer(make([]byte, 0, len(text)+512))
			if err := z.Reset(bytes.NewReader(body)); err != nil {
				b.Fatal(err)
			}
			if _, err := out.ReadFrom(z); err != nil {
				b.Fatal(err)
			}
		}
	})
}
