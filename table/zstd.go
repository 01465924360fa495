package table

import (
	"sync"

	"github.com/klauspost/compress/zstd"
	parquet "github.com/parquet-go/parquet-go/compress/zstd"
)

// quickZstd compresses at zstd's fastest level, and by how often bytes come also where
// nothing repeats. Ids and times are such; that level leaves them as they are otherwise.
type quickZstd struct {
	parquet.Codec // reads, and says what it is
	encoders      sync.Pool
}

// windowBytes is how far back repeats are looked for. A page is seldom longer; the window
// that the level has by itself is 4 MiB, and each encoder holds it twice.
const windowBytes = 512 << 10

// Encode returns src compressed, in place of what dst holds.
func (c *quickZstd) Encode(dst, src []byte) ([]byte, error) {
	e, ok := c.encoders.Get().(*zstd.Encoder)
	if !ok {
		var err error
		e, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithAllLitEntropyCompression(true),
			zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false), zstd.WithZeroFrames(true),
			zstd.WithWindowSize(windowBytes), zstd.WithLowerEncoderMem(true))
		if err != nil {
			return nil, err
		}
	}
	defer c.encoders.Put(e)
	return e.EncodeAll(src, dst[:0]), nil
}
