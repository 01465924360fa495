package main

import (
	"os"
	"testing"
)

// asProgram makes the binary of the tests the program itself, so that it can be killed.
const asProgram = "INLAY_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}
