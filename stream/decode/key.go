package decode

import "encoding/binary"

// key is a member's name as it stands in compact JSON: quoted, with its colon. Three words
// make most comparisons free of calls.
type key struct {
	head, mid, tail uint64 // the first, the second and the last eight bytes, or those there are
	mask            uint64 // of the bytes of head that count
	midAt, tailAt   int32
	size            int32
	long            bool // longer than the three words
	text            string
}

func keyOf(name string) key {
	text := appendQuoted(nil, name)
	text = append(text, ':')
	n := len(text)
	k := key{text: string(text), size: int32(n), long: n > 24, mask: ^uint64(0)}
	if n < 8 {
		k.mask = 1<<(8*n) - 1
	}
	k.tailAt = int32(max(n-8, 0))
	k.midAt = min(8, k.tailAt)
	text = append(text, make([]byte, 8)...)
	k.head = binary.LittleEndian.Uint64(text) & k.mask
	k.mid = binary.LittleEndian.Uint64(text[k.midAt:]) & k.mask
	k.tail = binary.LittleEndian.Uint64(text[k.tailAt:]) & k.mask
	return k
}

// at reports whether the key stands at i. Within eight bytes of the end of b it may say no.
func (k *key) at(b []byte, i int) bool {
	if len(b)-i < int(max(k.size, 8)) {
		return false
	}
	b = b[i:]
	if binary.LittleEndian.Uint64(b)&k.mask != k.head ||
		binary.LittleEndian.Uint64(b[k.tailAt:])&k.mask != k.tail ||
		binary.LittleEndian.Uint64(b[k.midAt:])&k.mask != k.mid {
		return false
	}
	return !k.long || string(b[16:k.tailAt]) == k.text[16:k.tailAt]
}
