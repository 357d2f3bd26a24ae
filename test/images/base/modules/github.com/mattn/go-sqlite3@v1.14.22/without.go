//go:build !cgo

package sqlite3

import (
	"database/sql"
	"database/sql/driver"
	"errors"
)

type stand struct{}

func (stand) Open(string) (driver.Conn, error) {
	return nil, errors.New("Binary was compiled with 'CGO_ENABLED=0', go-sqlite3 requires cgo to work. This is a stub")
}

func init() { sql.Register("sqlite3", stand{}) }
