// Package canary is a token that must never be seen again: tests run with it, and look for
// it afterwards in all that was printed and written, as it is and in every form in which a
// program may let it slip, inside compressed Parquet too.
package canary

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"
)

// Token is the canary. It holds letters that URLs, JSON and base64 write otherwise.
const Token = "canary/7f3a+91c2=d4&e5<xQ"

// form is one way to write the token.
type form struct {
	name string
	text []byte
}

// forms are all ways looked for. Base64 has three, for the token may begin at any of three
// places in what is encoded; the letters that its neighbours have a share in are left out.
func forms() []form {
	out := []form{
		{"plain", []byte(Token)},
		{"URL-encoded as a query", []byte(url.QueryEscape(Token))},
		{"URL-encoded as a path", []byte(url.PathEscape(Token))},
		{"hexadecimal", []byte(hex.EncodeToString([]byte(Token)))},
	}
	if escaped, err := json.Marshal(Token); err == nil {
		out = append(out, form{"JSON", bytes.Trim(escaped, `"`)})
	}
	for shift := range 3 {
		padded := append(make([]byte, shift), Token...)
		padded = padded[:len(padded)/3*3]
		first := 0
		if shift > 0 {
			first = 4
		}
		for name, e := range map[string]*base64.Encoding{"base64": base64.RawStdEncoding, "base64 of URLs": base64.RawURLEncoding} {
			out = append(out, form{name, []byte(e.EncodeToString(padded)[first:])})
		}
	}
	return out
}

// Find returns the form in which the token stands in data, or "".
func Find(data []byte) string {
	for _, f := range forms() {
		if bytes.Contains(data, f.text) {
			return f.name
		}
	}
	return ""
}

// Scan looks through every regular file below a folder, and through the values of those
// that are Parquet. It returns a line for each that holds the token.
func Scan(dir string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // swept meanwhile
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		if f := Find([]byte(path)); f != "" {
			found = append(found, path+" is named after the token: "+f)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		where, err := inside(data)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if where != "" {
			found = append(found, path+" holds the token: "+where)
		}
		return nil
	})
	return found, err
}

// inside looks into one file, whatever it is.
func inside(data []byte) (string, error) {
	if f := Find(data); f != "" {
		return f, nil
	}
	magic := []byte("PAR1")
	if len(data) < 12 || !bytes.HasPrefix(data, magic) || !bytes.HasSuffix(data, magic) {
		return "", nil // no Parquet, or one that was never finished
	}
	return insideParquet(data)
}

// insideParquet looks through all values of all columns.
func insideParquet(data []byte) (string, error) {
	file, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", err
	}
	for _, group := range file.RowGroups() {
		for _, chunk := range group.ColumnChunks() {
			if f, err := insideColumn(chunk); f != "" || err != nil {
				return f, err
			}
		}
	}
	return "", nil
}

func insideColumn(chunk parquet.ColumnChunk) (where string, err error) {
	if k := chunk.Type().Kind(); k != parquet.ByteArray && k != parquet.FixedLenByteArray {
		return "", nil
	}
	pages := chunk.Pages()
	defer func() { err = errors.Join(err, pages.Close()) }()
	var text []byte
	for {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		values := make([]parquet.Value, page.NumValues())
		n, err := page.Values().ReadValues(values)
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		text = text[:0]
		for _, v := range values[:n] {
			text = append(append(text, v.ByteArray()...), '\n')
		}
		if f := Find(text); f != "" {
			return "a Parquet value, " + f, nil
		}
	}
}
