// Package condition defines the condition: an expression over the plain columns of one row,
// which an expectation claims of every changed row.
//
//	column                  a column of the table, by its name
//	"text" 12.5 true null   constants; "${" in a text is written "$${"
//	- ! * / % + -           arithmetic on numbers, exact on integers; ! on bools
//	< <= > >= == !=         comparisons; a time is compared with a time or a text that is one
//	&& || ( )               in HCL's order of precedence
//
// Null makes a result unknown, as in SQL, except that == and != compare with it, and a
// division by zero is unknown too. A row fails a condition only when it is false: one that
// is unknown holds. A condition has no functions and no indexes, so that any engine can
// evaluate it. It is pure, and no text makes it panic.
package condition
