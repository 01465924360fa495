package reference

import (
	"strconv"
	"strings"
)

// Metric is one family of numbers that the daemon tells a monitor.
type Metric struct{ Name, Kind, Labels, Doc string }

// Variable is one variable of the environment that the program reads.
type Variable struct{ Name, Doc string }

// Code is one exit code.
type Code struct {
	Number int
	Doc    string
}

// operatingPage holds what a person who runs the program for others looks up.
func (s Subject) operatingPage() string {
	var metrics, variables, codes [][]string
	for _, m := range s.Metrics {
		metrics = append(metrics, []string{code(m.Name), m.Kind, m.Labels, m.Doc})
	}
	for _, v := range s.Variables {
		variables = append(variables, []string{code(v.Name), v.Doc})
	}
	for _, c := range s.Codes {
		codes = append(codes, []string{strconv.Itoa(c.Number), sentence(c.Doc)})
	}
	return strings.Join([]string{
		"# operating\n\nWhat `inlay serve` measures, what the program takes from its environment, and how it ends.\n",
		"## Metrics\n\nWhat `/metrics` tells, in the text format of Prometheus. A family without a number is left out.\n\n" +
			grid([]string{"metric", "kind", "labels", "meaning"}, metrics),
		"## Environment\n\n" + grid([]string{"variable", "for"}, variables),
		"## Exit codes\n\nEach command's help lists those that it can end with.\n\n" + grid([]string{"code", "meaning"}, codes),
	}, "\n")
}
