package deflate

import "math/bits"

// A code's table is looked up by the next bits of the input, the first of them lowest. What
// stands there says what to do:
//
//	bits 0–7    how many bits of the input that is; 0 where there is no code
//	bits 8–11   how many bits follow that belong to it
//	bits 12–14  one of the marks below, or none for a length or a distance
//	bits 16–31  the literal, the least length or distance, or where a longer code goes on
const (
	literal = 1 << 12 << iota // one byte
	further                   // look in a second table, by the bits that follow
	ending                    // the end of a block
)

const (
	firstBits  = 10 // of lengths and literals that are looked up at once
	secondBits = 8  // of distances
	longest    = 15
)

// code is one table, and the tables it leads to.
type code struct {
	entries []uint32
	width   uint // how many bits are looked up first
}

// build makes the table of the code that gives each symbol so many bits, and of each symbol
// what meaning says. It reports whether there is such a code: as in the standard library, one
// with a bit for a single symbol, or with no symbol at all, is one.
func (c *code) build(width uint, lengths []uint8, meaning func(symbol int) uint32) bool {
	var count, next [longest + 2]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	last := longest
	for last > 0 && count[last] == 0 {
		last--
	}
	total := 0
	for n := 1; n <= last; n++ {
		next[n] = total << 1
		total = total<<1 + count[n]
	}
	if total != 1<<last && !(total == 1 && last == 1) && last > 0 {
		return false
	}
	c.width = width
	c.entries = append(c.entries[:0], make([]uint32, 1<<width)...)
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		at := bits.Reverse16(uint16(next[n])) >> (16 - n)
		next[n]++
		c.put(uint(at), uint(n), uint(last), meaning(symbol))
	}
	return true
}

// put writes what a symbol means wherever its code, the n bits of at, is looked up.
func (c *code) put(at, n, last uint, meaning uint32) {
	table := c.entries[:1<<c.width]
	if n > c.width {
		second := last - c.width // all second tables are large enough for the longest code
		first := &table[at&(1<<c.width-1)]
		if *first == 0 {
			*first = uint32(len(c.entries))<<16 | further | uint32(second)<<8 | uint32(c.width)
			c.entries = append(c.entries, make([]uint32, 1<<second)...)
		}
		table = c.entries[*first>>16:][:1<<second]
		at, n = at>>c.width, n-c.width
	}
	for ; at < uint(len(table)); at += 1 << n {
		table[at] = meaning | uint32(n)
	}
}
