package decode

// reading is what is made of the value at one place of the object.
type reading uint8

const (
	asNothing reading = iota // left out: checked, kept nowhere
	asRest                   // undeclared: kept in the rest column
	asString
	asInt
	asFloat
	asBool
	asInstant
	asJSON
	asHash
	asList
	asStruct
	asPath // not a column itself; columns stand inside
)

// node says what becomes of the value at one place of the object.
type node struct {
	reading reading
	simple  bool  // neither injected, nor captured, nor read again
	mute    bool  // what does not fit is counted and not kept
	def     uint8 // definition level of a null here
	rep     uint8 // list: repetition level of its elements after the first
	index   int   // in the object around it; -1 for none
	next    int   // index of the member that followed last time; -1 if unknown
	key     string
	name    string
	lo, hi  int     // leaves below
	elem    *node   // list
	members *object // struct, path
	filter  *filter // what must appear nowhere below
	again   []*node // further readings of the same value, all mute
	capture int     // index of the capture; -1 for none
	inject  []byte  // a JSON string that stands for the value; nil for none
}

func (n *node) settle() {
	n.simple = n.inject == nil && n.capture < 0 && len(n.again) == 0
}

// object is what is known of the members of one object: those that are declared, and
// undeclared ones met so far, whose keys are worth predicting too.
type object struct {
	members []*node
	index   map[string]int
	first   int      // member that came first last time; -1 if unknown
	need    []uint64 // bits of members that need an entry even if absent; nil for none
	words   int      // of 64 bits, to mark every member that may ever be here
	learn   int      // undeclared names that may still be learned
	other   reading  // of undeclared members
}

const maxLearned = 64

func newObject(other reading) *object {
	return &object{index: map[string]int{}, first: -1, other: other, learn: maxLearned, words: 1}
}

// declare adds a member.
func (o *object) declare(n *node, name string) {
	n.name, n.key = name, string(appendQuoted(nil, name))+":"
	n.index, n.next = len(o.members), -1
	o.index[name] = n.index
	if len(o.members) > 0 {
		o.members[len(o.members)-1].next = n.index
	} else {
		o.first = 0
	}
	o.members = append(o.members, n)
	o.words = (len(o.members)+o.learn)/64 + 1
	if n.hi > n.lo && n.def > 0 {
		o.need = append(o.need, make([]uint64, o.words-len(o.need))...)
		o.need[n.index>>6] |= 1 << (n.index & 63)
	}
}

// learned adds an undeclared name; nil if there have been enough. Its key is spelled as
// for a declared one, so that a row's rest does not depend on the rows before.
func (o *object) learned(name []byte) *node {
	if o.learn == 0 {
		return nil
	}
	o.learn--
	n := &node{reading: o.other, mute: o.other == asNothing, capture: -1}
	n.settle()
	o.declare(n, string(name))
	return n
}
