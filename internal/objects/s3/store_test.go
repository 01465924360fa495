package s3_test

import (
	"testing"

	"github.com/inlay-sync/inlay/internal/objects/objectstest"
)

func TestConform(t *testing.T) { objectstest.Conform(t, objectstest.New(t)) }
