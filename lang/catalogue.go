package lang

import (
	"io/fs"
	"os"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// Catalogue is what may be written in the four kinds of blocks. It is data, and Load does
// not change it.
type Catalogue struct {
	Providers map[string]Provider          // by name: the type label of connection and source
	Targets   map[string][]setting.Setting // by table format: the type label of target
	Schedule  []setting.Setting
	// CheckTarget looks at the settings of a target of a format as a whole, as Provider.Check
	// does at a connection's. Formats without an entry are not looked at.
	CheckTarget map[string]func(settings setting.Values, written func(attribute string) bool) []Finding
	// Programs names, by table format, the program of inlay's that knows a format which this
	// one does not.
	Programs map[string]string
}

// Provider is what a service offers, as data.
type Provider struct {
	Connection, Source []setting.Setting
	// Streams lists what a connection with these settings offers. It must be pure.
	Streams func(connection setting.Values) []stream.Stream
	// Check looks at a connection as a whole: attributes that exclude each other, numbers out
	// of range. written says whether an attribute was written ("oauth", "oauth.account"),
	// ephemeral ones included. It must be pure; nil checks nothing.
	Check func(connection setting.Values, written func(attribute string) bool) []Finding
}

// Finding is what there is to say about an attribute of a connection or target by who offers it.
type Finding struct {
	Attribute string // the one to blame; when it was not written, the block is
	Detail    string // full sentences: what is wrong, why, what to do
	Warning   bool   // the configuration works as it is
}

// VarInput is one -var (Name and Value) or one -var-file (File). A relative File is
// relative to the folder that is loaded.
type VarInput struct {
	Name, Value string
	File        string
}

// Options are the outside world as Load may see it. The zero value reads the real folder,
// sees no environment and checks no version.
type Options struct {
	// Vars are the -var and -var-file arguments in the order written.
	Vars []VarInput
	// Env looks one variable up, for env() and INLAY_VAR_*; nil: nothing is set.
	Env func(string) (string, bool)
	// Environ lists the names of the environment, so that an INLAY_VAR_ for which no
	// variable is declared can be refused; "NAME=value" counts as NAME. May be nil.
	Environ []string
	// Version is the running version, for required_version; "" skips that check.
	Version string
	// ReadFile and ReadDir read the folder; nil: the real one. Paths begin with Load's dir.
	ReadFile func(path string) ([]byte, error)
	ReadDir  func(path string) ([]fs.DirEntry, error)
}

func (o Options) withDefaults() Options {
	if o.Env == nil {
		o.Env = func(string) (string, bool) { return "", false }
	}
	if o.ReadFile == nil {
		o.ReadFile = os.ReadFile
	}
	if o.ReadDir == nil {
		o.ReadDir = os.ReadDir
	}
	return o
}
