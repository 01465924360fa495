package main

import (
	"fmt"

	"github.com/inlay-sync/inlay/providers/intercom"
	"github.com/inlay-sync/inlay/setting"
)

// requests imports every stream once, and tells how many requests its rows took.
func (b *bench) requests() error {
	w, stop, err := b.serve("-contacts", "3000", "-conversations", "600")
	if err != nil {
		return err
	}
	defer stop()
	fmt.Printf("  %-32s %9s %9s %16s\n", "stream", "rows", "requests", "rows a request")
	for _, s := range intercom.New().Streams(setting.Values{"api_version": "2.16"}) {
		f, err := b.folder("stream", w, importing(s.Name, ""))
		if err != nil {
			return err
		}
		if _, err := f.apply(); err != nil {
			fmt.Printf("  %-32s is not imported: %v\n", s.Name, err)
			continue
		}
		rows, calls, err := f.last()
		if err != nil {
			return err
		}
		fmt.Printf("  %-32s %9d %9d %16.1f\n", s.Name, rows, calls, float64(rows)/float64(max(calls, 1)))
	}
	return nil
}
