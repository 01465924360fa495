package deflate

import "encoding/binary"

// ofLength is what a symbol of the first code means; 0 for one that means nothing.
func ofLength(symbol int) uint32 {
	switch {
	case symbol < 256:
		return uint32(symbol)<<16 | literal
	case symbol == 256:
		return ending
	case symbol < 265:
		return uint32(symbol-257+3) << 16
	case symbol < 285:
		extra := uint32(symbol-261) / 4
		return (4+uint32(symbol-265)%4)<<extra<<16 + 3<<16 | extra<<8
	case symbol == 285:
		return longestCopy << 16
	}
	return 0
}

// ofDistance is what a symbol of the second code means; 0 for one that means nothing.
func ofDistance(symbol int) uint32 {
	switch {
	case symbol < 4:
		return uint32(symbol+1) << 16
	case symbol < maxDistances:
		extra := uint32(symbol-2) / 2
		return (2+uint32(symbol)%2)<<extra<<16 + 1<<16 | extra<<8
	}
	return 0
}

// compressed opens a block with the codes that are set.
func (d *Decoder) compressed() error {
	for {
		done, err := d.quickly()
		if !done && err == nil {
			done, err = d.carefully()
		}
		if done || err != nil {
			return err
		}
	}
}

// quickly opens what it can while there is input for two symbols and room for three.
func (d *Decoder) quickly() (done bool, err error) {
	in, out, lengths, distances := d.in, d.out, d.lengths.entries, d.distances.entries
	at, to, bits, n := d.at, d.to, d.bits, d.n
	for at+16 <= len(in) && to+slack <= len(out) {
		bits |= binary.LittleEndian.Uint64(in[at:]) << (n & 63)
		at += int((63 - n) >> 3)
		n |= 56
		e := lengths[bits&(1<<firstBits-1)]
		for range 2 {
			if e&literal == 0 {
				break
			}
			bits, n = bits>>(e&63), n-uint(e&63)
			out[to] = byte(e >> 16)
			to++
			e = lengths[bits&(1<<firstBits-1)]
		}
		if e&further != 0 {
			bits, n = bits>>firstBits, n-firstBits
			e = lengths[uint64(e>>16)+bits&(1<<(e>>8&15)-1)]
		}
		bits, n = bits>>(e&63), n-uint(e&63)
		if e&literal != 0 {
			out[to] = byte(e >> 16)
			to++
			continue
		}
		if e&ending != 0 {
			done = true
			break
		}
		if e>>16 == 0 {
			return false, ErrCorrupt
		}
		length := int(e>>16) + int(bits&(1<<(e>>8&15)-1))
		bits, n = bits>>(e>>8&15), n-uint(e>>8&15)

		bits |= binary.LittleEndian.Uint64(in[at:]) << (n & 63)
		at += int((63 - n) >> 3)
		n |= 56
		e = distances[bits&(1<<secondBits-1)]
		if e&further != 0 {
			bits, n = bits>>secondBits, n-secondBits
			e = distances[uint64(e>>16)+bits&(1<<(e>>8&15)-1)]
		}
		bits, n = bits>>(e&63), n-uint(e&63)
		distance := int(e>>16) + int(bits&(1<<(e>>8&15)-1))
		bits, n = bits>>(e>>8&15), n-uint(e>>8&15)
		if e>>16 == 0 || distance > to-d.from {
			return false, ErrCorrupt
		}
		repeat(out, to, distance, length)
		to += length
	}
	// Bits above the n that count were taken with the last eight bytes.
	d.at, d.to, d.bits, d.n = at, to, bits&(1<<n-1), n
	return done, nil
}

// repeat copies length bytes from distance before to. It may write a few bytes more.
func repeat(out []byte, to, distance, length int) {
	from := to - distance
	switch {
	case distance >= length && length > 32:
		copy(out[to:to+length], out[from:from+length])
	case distance >= 8:
		for i := 0; i < length; i += 8 {
			binary.LittleEndian.PutUint64(out[to+i:], binary.LittleEndian.Uint64(out[from+i:]))
		}
	default:
		for i := range length {
			out[to+i] = out[from+i]
		}
	}
}

// carefully opens one symbol, of which the input may hold a part only.
func (d *Decoder) carefully() (done bool, err error) {
	if err := d.room(0); err != nil {
		return false, err
	}
	e, ok := d.entry(&d.lengths)
	switch {
	case !ok:
		return false, ErrCorrupt
	case e&literal != 0:
		d.out[d.to] = byte(e >> 16)
		d.to++
		return false, nil
	case e&ending != 0:
		return true, nil
	}
	length, ok := d.number(e)
	if !ok {
		return false, ErrCorrupt
	}
	if e, ok = d.entry(&d.distances); !ok {
		return false, ErrCorrupt
	}
	distance, ok := d.number(e)
	if !ok || distance > d.to-d.from {
		return false, ErrCorrupt
	}
	repeat(d.out, d.to, distance, length)
	d.to += length
	return false, nil
}

// entry is what stands for the next code.
func (d *Decoder) entry(c *code) (uint32, bool) {
	d.fill()
	e := c.entries[d.bits&(1<<c.width-1)]
	if e&further != 0 && d.n >= c.width {
		d.use(c.width)
		e = c.entries[uint64(e>>16)+d.bits&(1<<(e>>8&15)-1)]
	}
	n := uint(e & 0xff)
	if n == 0 || n > d.n {
		return 0, false
	}
	d.use(n)
	return e, true
}

// number is a length or distance, with the bits that follow.
func (d *Decoder) number(e uint32) (int, bool) {
	more, ok := d.take(uint(e >> 8 & 15))
	return int(e>>16) + more, ok && e>>16 != 0
}
