//go:build cgo

// Package sqlite3 stands for the module of this name: it has C code, and a file that says so where that is left out.
package sqlite3

// static int answer(void) { return 42; }
import "C"

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
)

type stand struct{}

func (stand) Open(string) (driver.Conn, error) { return nil, fmt.Errorf("C says %d", C.answer()) }

func init() { sql.Register("sqlite3", stand{}) }
