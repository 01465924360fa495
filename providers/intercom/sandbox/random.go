package sandbox

// mix is a bijection of 64-bit numbers that looks random (the finalizer of
// splitmix64), so that an identifier made by it can be turned back into the
// index it stands for.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// unmix is the inverse of mix.
func unmix(x uint64) uint64 {
	x ^= x>>31 ^ x>>62
	x *= 0x319642b2d24d8ec3
	x ^= x>>27 ^ x>>54
	x *= 0x96de1b173f119089
	return x ^ x>>30 ^ x>>60
}

// random is a sequence of numbers decided by where it started.
type random uint64

// randomAt starts the sequence that belongs to one index of one kind of object.
func randomAt(seed uint64, index int32) random {
	return random(mix(seed + uint64(uint32(index))*0x9e3779b97f4a7c15))
}

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	return mix(uint64(*r))
}

// below returns a number in [0, n).
func (r *random) below(n int) int {
	if n <= 0 {
		return 0
	}
	return int(r.next() % uint64(n))
}

// one is true once in n calls.
func (r *random) one(n int) bool { return r.below(n) == 0 }

func (r *random) pick(words []string) string { return words[r.below(len(words))] }
