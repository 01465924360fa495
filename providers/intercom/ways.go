package intercom

// whole is a list that is read from its first page to its last.
type whole struct {
	path   string
	list   string // the member of the answer that holds the rows
	query  map[string]string
	paging paging
	// perPage is the page size to ask for; 0 asks for none.
	perPage int
	// slices is set where the service wants to be asked for spans of created_at: the names
	// of the parameters that bound one.
	slices [2]string
	// newest is the one column of time the rows have, where the list can be given newest
	// first by it (?order=desc), so that a read of what is new need not see the rest.
	newest string
}

// paging is how a list goes on after its first page.
type paging int

const (
	onePage    paging = iota // everything in one answer
	numbered                 // ?page=2
	tokenQuery               // ?starting_after=…
)

// search is a query that can be narrowed and ordered by a column of time.
type search struct {
	path string
	list string
	role string // of contacts; "" for all
	// daily is set where dates are compared by day up to version 2.16.
	daily bool
	// byUpdate is set where rows enter the stream without being created: a lead becomes a
	// user. What is new among them shows in updated_at alone.
	byUpdate bool
	names    filterNames
	fields   []string // that it can be narrowed by
}

// filterNames maps the short names of a source's filter to fields of the search.
type filterNames map[string]string

// scroll is the companies' own way: one pass at a time for the whole app.
type scroll struct{ path, list string }

// hydrate reads each object of a search by itself and yields a list inside it.
type hydrate struct {
	path   string // with {id}
	list   string
	parent string // the column that names the object
	// counted is where the object of the search says how long the list is.
	counted string
}

// under is a list under each object of another stream: GET path with {id}.
type under struct {
	path   string
	list   string
	parent string // the column that names the object
	paging paging
	// counted is where the object says how long the list is; when that is 0 it is not asked for.
	counted string
	// inside is where the object shows the beginning of the list; when that is all of it,
	// it is not asked for. "" when the object shows nothing.
	inside string
}

// within is a list inside each object of a search, with no request of its own.
type within struct {
	list   string
	parent string // the column that names the object
}

func (whole) way()   {}
func (search) way()  {}
func (scroll) way()  {}
func (hydrate) way() {}
func (under) way()   {}
func (within) way()  {}
