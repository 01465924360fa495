package lang

import (
	"sort"

	"github.com/hashicorp/hcl/v2"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// Diagnostics are findings with the place each one blames. It is an alias so that other
// rooms need not import hcl.
type Diagnostics = hcl.Diagnostics

// Diagnostic is one finding.
type Diagnostic = hcl.Diagnostic

// Errors returns the errors among diagnostics, without the warnings.
func Errors(all Diagnostics) Diagnostics {
	var out Diagnostics
	for _, d := range all {
		if d.Severity == hcl.DiagError {
			out = append(out, d)
		}
	}
	return out
}

// Range is a place in a file; lines and columns count from 1. The zero Range is nowhere.
type Range struct {
	File                             string // relative to the folder, slashes between names
	Line, Column, EndLine, EndColumn int
	Byte, EndByte                    int // offsets in the file, from 0
}

// Subject is the place in the form diagnostics take; nil for nowhere.
func (r Range) Subject() *hcl.Range {
	if r == (Range{}) {
		return nil
	}
	return &hcl.Range{
		Filename: r.File,
		Start:    hcl.Pos{Line: r.Line, Column: r.Column, Byte: r.Byte},
		End:      hcl.Pos{Line: r.EndLine, Column: r.EndColumn, Byte: r.EndByte},
	}
}

// hcl is Subject with the zero range for nowhere.
func (r Range) hcl() hcl.Range {
	if s := r.Subject(); s != nil {
		return *s
	}
	return hcl.Range{}
}

func rangeOf(r hcl.Range) Range {
	return Range{
		File: r.Filename,
		Line: r.Start.Line, Column: r.Start.Column, Byte: r.Start.Byte,
		EndLine: r.End.Line, EndColumn: r.End.Column, EndByte: r.End.Byte,
	}
}

// Config is a folder of configuration, evaluated: instances after for_each and modules,
// each list sorted by address.
type Config struct {
	Dir   string
	Inlay Inlay
	// Settled says that the inlay block was made out, or that there is none: whatever else is
	// in error, it is known where the tables and the state are.
	Settled     bool
	Connections []Connection
	Sources     []Source
	Targets     []Target
	Schedules   []Schedule
	Moved       []Moved
	Removed     []Removed
	Outputs     []Output   // of the root folder, by name
	Variables   []Variable // of the root folder, by name
	// Files are all files that were read, by name: configuration, variables, and what
	// file() and templatefile() took in.
	Files []File

	texts map[string][]byte
	root  *scope
}

// Inlay is the inlay block, defaults filled in.
type Inlay struct {
	Block
	RequiredVersion string
	Warehouse       string // default "warehouse"
	State           string // default ".inlay/state.json"
	HashKey         setting.Secret
	Webhooks        []Webhook
	Missing         []Missing // of hash_key and the webhooks
}

// Webhook is told of runs. Its secret settings are ephemeral.
type Webhook struct {
	Name   string
	URL    setting.Secret
	Secret setting.Secret // signs what is sent; zero: unsigned
	On     []string       // "failure", "recovery", "success"
	Range  Range
}

// Block is what all four kinds have in common.
type Block struct {
	Address addr.Address
	Range   Range // of the block's header
	// Ranges says where each attribute stands: "cron", "column.plan.from" for one inside a
	// labelled block, "column.plan" for that block's header. Attributes that were not written
	// are absent. Instances of one block may share the map.
	Ranges map[string]Range
	// Settings hold what is stored: defaults filled in, no ephemeral value, no reference, and of a
	// target not its path. Blocks may share the map: nobody may change it.
	Settings       setting.Values
	Enabled        bool
	PreventDestroy bool

	broken map[string]bool // attributes that were written but have no usable value, which was reported
}

// At returns where an attribute stands, or the block's header when it was not written.
func (b *Block) At(attribute string) Range {
	if r, ok := b.Ranges[attribute]; ok {
		return r
	}
	return b.Range
}

// Connection is one connection. Secrets holds the ephemeral attributes that have a value.
type Connection struct {
	Block
	Provider string
	Secrets  setting.Secrets
	// Missing are the ephemeral attributes that were written but have no value here.
	Missing []Missing
	// Whole is false when something in the block has no usable value, which was reported.
	Whole bool
}

// Missing is an ephemeral attribute whose value is not available: the environment variable
// it reads is unset, or the variable it takes has no value.
type Missing struct {
	Attribute string // "access_token", "oauth.client_secret"
	Variable  string // the environment variable, or "var.NAME"
	Range     Range
	// Diagnostic is the error for a command that needs the value.
	Diagnostic *Diagnostic
}

// Source is one source with the stream it reads.
type Source struct {
	Block
	Connection addr.Address
	Stream     stream.Stream
	// Cursor is the stream's column an incremental read advances by; "" for full reads.
	Cursor string
}

// Target is one target. Its names of columns are the table's, after column blocks.
//
// time_column = "auto" is resolved: Settings["time_column"] names the column that was
// taken, and Settings["time_column_auto"] is true.
type Target struct {
	Block
	Format   string
	Secrets  setting.Secrets // the ephemeral attributes that have a value
	Missing  []Missing       // the ephemeral attributes that were written but have no value here
	Source   addr.Address
	Schedule *addr.Address // nil: once
	Database string        // "" when it is in error
	Table    string        // within the database; "" when it is in error
	Stream   stream.Stream
	Shape    stream.Shape
	Key      []string
	Cursor   string // "" when the source reads everything each time
	Updated  string // the column that says which of two rows is newer; "" if none does
}

// Path is where the target's table stands: DATABASE/TABLE.
func (t *Target) Path() string { return t.Database + "/" + t.Table }

// Schedule is one schedule, parsed; Parsed is nil when it was in error.
type Schedule struct {
	Block
	Parsed *schedule.Schedule
}

// Moved says that a block has another address now. Both sides are single instances: a
// moved block that names a whole for_each is listed once for each instance.
type Moved struct {
	From, To addr.Address
	Range    Range
}

// Removed says what becomes of a block that is no longer declared. A From without a key
// stands for all instances that a block had.
type Removed struct {
	From   addr.Address
	Data   string // "keep" or "delete"
	Range  Range
	Ranges map[string]Range
}

// Output is one output of the root folder.
type Output struct {
	Name, Description string
	Sensitive         bool
	// Value is the value in plain Go form: string, int64, float64, bool, []any,
	// map[string]any or nil. It is nil when Sensitive.
	Value any
	// Secret is the value of a Sensitive output as JSON, for whoever asks for it by name.
	Secret setting.Secret
	// Text is the value written as HCL; "(sensitive)" when Sensitive.
	Text  string
	Range Range
}

// Variable is one variable of the root folder with the value it got.
type Variable struct {
	Name, Description string
	Type              string
	Sensitive         bool
	Set               bool // it has a value, be it the default
	// Value is the value as JSON; "" when it is not Set or Sensitive.
	Value string
	From  string // where the value came from: "default", "-var", a file's name, "INLAY_VAR_x"
	Range Range
}

// File is one file that was read.
type File struct {
	Name   string // relative to the folder, slashes between names
	SHA256 string // lower-case hexadecimal
}

// Text returns the bytes of a file that was read, for snippets; nil if it was not.
func (c *Config) Text(name string) []byte { return c.texts[name] }

// Connection returns the connection at an address, or nil.
func (c *Config) Connection(a addr.Address) *Connection {
	return find(c.Connections, a, func(b *Connection) addr.Address { return b.Address })
}

// Source returns the source at an address, or nil.
func (c *Config) Source(a addr.Address) *Source {
	return find(c.Sources, a, func(b *Source) addr.Address { return b.Address })
}

// Target returns the target at an address, or nil.
func (c *Config) Target(a addr.Address) *Target {
	return find(c.Targets, a, func(b *Target) addr.Address { return b.Address })
}

// Schedule returns the schedule at an address, or nil.
func (c *Config) Schedule(a addr.Address) *Schedule {
	return find(c.Schedules, a, func(b *Schedule) addr.Address { return b.Address })
}

func find[B any](sorted []B, a addr.Address, at func(*B) addr.Address) *B {
	i := sort.Search(len(sorted), func(i int) bool { return at(&sorted[i]).Compare(a) >= 0 })
	if i == len(sorted) || at(&sorted[i]) != a {
		return nil
	}
	return &sorted[i]
}
