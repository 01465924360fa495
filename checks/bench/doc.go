// Command bench measures inlay beside DuckDB and beside the naive way, and prints ratios.
//
// It builds the program, serves simulated workspaces from a process of its own, and runs
// the program, DuckDB and a plain encoding/json pipeline in turn on the same rows, round
// after round, so that whatever else the machine does falls on all of them alike. What
// counts is the processor time of each process as the system accounts it; wall time is
// told beside it. What two of them wrote is compared row by row in DuckDB.
//
//	go run ./checks/bench -list
//	go run ./checks/bench -contacts 300000 -rounds 5
//	go run ./checks/bench -only contacts,blocks
package main
