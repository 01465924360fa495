package project

import (
	"context"
	"fmt"
	"time"

	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
)

// muchAhead is how far off a clock may be before it matters.
const muchAhead = time.Minute

// examineConnection looks at the credentials of a connection, whether the service answers,
// and what time it is there.
func (p *Project) examineConnection(ctx context.Context, c *lang.Connection, offline bool) []Examination {
	name := c.Address.String()
	access := p.accessOf(c.Address, c.Provider, c.Settings)
	credentials := Examination{Subject: "credentials", Address: name, Verdict: Fine, Found: "There are credentials; none is looked at here."}
	if access.Err != nil {
		credentials.Verdict, credentials.Found, credentials.Err = Problem, problemOf(access.Err), access.Err
		credentials.Means = "Imports through this connection fail; validate, plan and diff need no credentials."
		return []Examination{credentials}
	}
	if offline {
		return []Examination{credentials}
	}
	session, err := access.Provider.Open(ctx, access.Connection)
	if err != nil {
		credentials.Verdict, credentials.Found, credentials.Err = Problem, problemOf(err), err
		credentials.Means = "Imports through this connection fail."
		return []Examination{credentials}
	}
	out := append([]Examination{credentials}, examineService(ctx, session, name)...)
	if err := session.Close(); err != nil {
		out = append(out, Examination{Subject: "service", Address: name, Verdict: Warning, Found: "The session did not end well: " + err.Error() + "."})
	}
	return out
}

func examineService(ctx context.Context, session providers.Session, name string) []Examination {
	reach := Examination{Subject: "service", Address: name, Verdict: Fine}
	w, err := session.Identity(ctx)
	if err != nil {
		reach.Verdict, reach.Found, reach.Err = Problem, problemOf(err), err
		reach.Means = "Nothing can be imported through this connection until that is mended; tables stay as they are."
	} else {
		reach.Found = fmt.Sprintf("It answers, and the credentials belong to the workspace %s (%s).", w.Name, w.ID)
	}
	clocked, can := session.(providers.Clocked)
	if !can {
		return []Examination{reach}
	}
	low, high, ok := clocked.Ahead()
	if !ok {
		return []Examination{reach}
	}
	clock := Examination{Subject: "clock", Address: name, Verdict: Fine, Found: "This machine's clock agrees with the service's."}
	way, off := "ahead of", low
	if high < 0 {
		way, off = "behind", -high
	}
	if off > muchAhead {
		clock.Verdict, clock.Found = Warning, fmt.Sprintf("This machine's clock is %s %s the service's.", setting.ShortDuration(off.Round(time.Second)), way)
		clock.Means = "Schedules run at the wrong time by as much, and since and max_age are off by as much. Let the machine set its clock from the network."
	}
	return []Examination{reach, clock}
}
