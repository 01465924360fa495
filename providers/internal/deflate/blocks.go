package deflate

import "encoding/binary"

const longestCopy = 258

// Decoder opens bodies one after the other, and keeps its tables in between. It is for one
// goroutine. The zero value is ready.
type Decoder struct {
	in   []byte
	at   int    // of the next byte that is not among the bits
	bits uint64 // taken from the input and not used, the first one lowest
	n    uint   // how many

	out  []byte
	to   int // how much of it is written
	from int // where the member began
	most int

	lengths   code // of literals, lengths and the end of a block
	distances code
	widths    code // of the lengths of codes
	symbols   [maxLengths + maxDistances]uint8
}

// How many symbols the codes may have.
const (
	maxLengths   = 286
	maxDistances = 30
	maxWidths    = 19
)

// fill takes input until there are 56 bits, or none is left.
func (d *Decoder) fill() {
	for d.n < 56 && d.at < len(d.in) {
		d.bits |= uint64(d.in[d.at]) << d.n
		d.at++
		d.n += 8
	}
}

// take is the next n bits, at most 16.
func (d *Decoder) take(n uint) (v int, ok bool) {
	d.fill()
	if d.n < n {
		return 0, false
	}
	v = int(d.bits & (1<<n - 1))
	d.use(n)
	return v, true
}

func (d *Decoder) use(n uint) { d.bits, d.n = d.bits>>n, d.n-n }

// whole goes back to the first byte of which no bit was used.
func (d *Decoder) whole() {
	d.at -= int(d.n / 8)
	d.bits, d.n = 0, 0
}

// blocks opens all blocks of a member.
func (d *Decoder) blocks() error {
	for {
		head, ok := d.take(3)
		if !ok {
			return ErrCorrupt
		}
		if err := d.block(head >> 1); err != nil {
			return err
		}
		if head&1 != 0 {
			d.whole()
			return nil
		}
	}
}

// block opens one block of a kind.
func (d *Decoder) block(kind int) error {
	ok := false
	switch kind {
	case 0:
		return d.stored()
	case 1:
		ok = d.fixed()
	case 2:
		ok = d.dynamic()
	}
	if !ok {
		return ErrCorrupt
	}
	return d.compressed()
}

// stored copies a block that is not compressed.
func (d *Decoder) stored() error {
	d.whole()
	if len(d.in)-d.at < 4 {
		return ErrCorrupt
	}
	n := binary.LittleEndian.Uint16(d.in[d.at:])
	if n != ^binary.LittleEndian.Uint16(d.in[d.at+2:]) {
		return ErrCorrupt
	}
	d.at += 4
	if len(d.in)-d.at < int(n) {
		return ErrCorrupt
	}
	if err := d.room(int(n)); err != nil {
		return err
	}
	copy(d.out[d.to:], d.in[d.at:d.at+int(n)])
	d.to, d.at = d.to+int(n), d.at+int(n)
	return nil
}

// room makes room for n more bytes and slack.
func (d *Decoder) room(n int) error {
	if d.to > d.most {
		return ErrTooLarge
	}
	if len(d.out)-d.to < n+slack {
		out := make([]byte, d.to+n+slack+min(len(d.out), d.most)) // twice as much, and never far beyond the bound
		copy(out, d.out[:d.to])
		d.out = out
	}
	return nil
}

// fixed takes the codes that every reader knows.
func (d *Decoder) fixed() bool {
	var lengths [288]uint8
	for i := range lengths {
		switch {
		case i < 144, i >= 280:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		default:
			lengths[i] = 7
		}
	}
	var distances [32]uint8
	for i := range distances {
		distances[i] = 5
	}
	return d.lengths.build(firstBits, lengths[:], ofLength) && d.distances.build(secondBits, distances[:], ofDistance)
}

// order is that in which the widths of the code for widths come.
const order = "\x10\x11\x12\x00\x08\x07\x09\x06\x0a\x05\x0b\x04\x0c\x03\x0d\x02\x0e\x01\x0f"

// dynamic reads the codes that a block begins with.
func (d *Decoder) dynamic() bool {
	head, ok := d.take(14)
	lengths, distances, widths := head&31+257, head>>5&31+1, head>>10+4
	if !ok || lengths > maxLengths || distances > maxDistances {
		return false
	}
	var w [maxWidths]uint8
	for i := range widths {
		v, ok := d.take(3)
		if !ok {
			return false
		}
		w[order[i]] = uint8(v)
	}
	if !d.widths.build(7, w[:], func(symbol int) uint32 { return uint32(symbol) << 16 }) {
		return false
	}
	all := d.symbols[:lengths+distances]
	return d.readSymbols(all) && d.lengths.build(firstBits, all[:lengths], ofLength) && d.distances.build(secondBits, all[lengths:], ofDistance)
}

// readSymbols reads how many bits each symbol of both codes has.
func (d *Decoder) readSymbols(all []uint8) bool {
	for i := 0; i < len(all); {
		e, ok := d.entry(&d.widths)
		if !ok {
			return false
		}
		symbol := e >> 16
		if symbol < 16 {
			all[i] = uint8(symbol)
			i++
			continue
		}
		times, value := 0, uint8(0)
		switch symbol {
		case 16:
			if i == 0 {
				return false
			}
			times, ok = d.take(2)
			times, value = times+3, all[i-1]
		case 17:
			times, ok = d.take(3)
			times += 3
		default:
			times, ok = d.take(7)
			times += 11
		}
		if !ok || times > len(all)-i {
			return false
		}
		for range times {
			all[i] = value
			i++
		}
	}
	return true
}
