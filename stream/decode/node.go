package decode

// reading is what is made of the value at one place of the object.
type reading uint8

const (
	asNothing reading = iota // left out: checked, kept nowhere
	asRest                   // undeclared: kept in the rest column
	asString
	asText // a string, or the text of an object or a list
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

// node says what becomes of the value at one place of the object. What is read for every
// value stands first, close together.
type node struct {
	key     key
	next    *node  // the member that followed last time; nil if unknown
	met     uint64 // the number of the object in which it was last met
	lo, hi  int    // leaves below
	reading reading
	simple  bool  // neither injected, nor captured, nor read again
	mute    bool  // what does not fit is counted and not kept
	def     uint8 // definition level of a null here
	rep     uint8 // list: repetition level of its elements after the first

	declared bool    // or learned
	elem     *node   // list
	members  *object // struct, path
	filter   *filter // what must appear nowhere below
	again    []*node // further readings of the same value, all mute
	capture  int     // index of the capture; -1 for none
	inject   []byte  // a JSON string that stands for the value; nil for none
	name     string
	parent   *node // the list, struct or path around it; nil at the top
	level    int   // how many of those there are
	at       int   // list: index of the element being read
	wrote    int   // list: elements that the rest has so far
}

func (n *node) settle() {
	n.simple = n.inject == nil && n.capture < 0 && len(n.again) == 0
}

// object is what is known of the members of one object: those that are declared, and
// undeclared ones met so far, whose keys are worth predicting too.
type object struct {
	members map[string]*node
	first   *node   // the member that came first last time; nil if unknown
	last    *node   // the one declared last
	need    []*node // members that need an entry even if absent
	learn   int     // undeclared names that may still be learned
	other   reading // of undeclared members
	parent  *node   // nil for a row's own
	level   int     // of the members
}

const maxLearned = 64

func newObject(other reading) *object {
	return &object{members: map[string]*node{}, other: other, learn: maxLearned}
}

// declare adds a member.
func (o *object) declare(n *node, name string) {
	n.name, n.key, n.declared = name, keyOf(name), true
	if o.last != nil {
		o.last.next = n
	} else {
		o.first = n
	}
	o.last = n
	o.members[name] = n
	if n.hi > n.lo && n.def > 0 {
		o.need = append(o.need, n)
	}
}

// learned adds an undeclared name; nil if there have been enough. Its key is spelled as
// for a declared one, so that a row's rest does not depend on the rows before.
func (o *object) learned(name []byte) *node {
	if o.learn == 0 {
		return nil
	}
	o.learn--
	n := o.undeclared()
	o.declare(n, string(name))
	return n
}

func (o *object) undeclared() *node {
	return &node{reading: o.other, mute: o.other == asNothing, simple: true, capture: -1, parent: o.parent, level: o.level}
}

// link tells o, and all below, where it stands.
func (o *object) link(parent *node, level int) {
	o.parent, o.level = parent, level
	for _, m := range o.members {
		m.link(parent, level)
		for _, a := range m.again {
			a.link(parent, level)
		}
	}
}

func (n *node) link(parent *node, level int) {
	n.parent, n.level = parent, level
	if n.elem != nil {
		n.elem.link(n, level+1)
	}
	if n.members != nil {
		n.members.link(n, level+1)
	}
}
