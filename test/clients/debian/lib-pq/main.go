// lib/pq under database/sql: statements, types, COPY, LISTEN, errors.
package main

import (
	"database/sql"
	"fmt"
	"time"

	"github.com/lib/pq"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func tell(what string, err error) {
	if e, ok := err.(*pq.Error); ok {
		fmt.Println(what, e.Code, e.Code.Name(), e.Message, e.Detail, e.Table, e.Constraint)
		return
	}
	fmt.Println(what, err)
}

func main() {
	for _, dsn := range []string{"sslmode=disable", "sslmode=disable binary_parameters=yes"} {
		fmt.Println("==", dsn)
		db, err := sql.Open("postgres", dsn)
		check(err)
		_, err = db.Exec("DROP TABLE IF EXISTS t; CREATE TABLE t (id serial PRIMARY KEY, name text UNIQUE, at timestamptz, tags text[], n numeric, b bytea, ok bool, d date, f float8)")
		check(err)
		var id int
		check(db.QueryRow("INSERT INTO t (name, at, tags, n, b, ok, d, f) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id", "one", time.Date(2024, 1, 2, 3, 4, 5, 6000, time.UTC), pq.Array([]string{"a", "b,c"}), "1.50", []byte{0, 255}, true, "2024-02-29", 0.1).Scan(&id))
		var (
			name, n string
			at, d   time.Time
			tags    []string
			b       []byte
			ok      bool
			f       sql.NullFloat64
		)
		check(db.QueryRow("SELECT * FROM t WHERE id = $1", id).Scan(&id, &name, &at, pq.Array(&tags), &n, &b, &ok, &d, &f))
		fmt.Println(id, name, at.UTC(), tags, n, b, ok, d.Format("2006-01-02"), f)
		_, err = db.Exec("INSERT INTO t (name) VALUES ($1)", "one")
		tell("unique", err)
		_, err = db.Exec("SELECT $1::int", "x")
		tell("invalid", err)
		tx, err := db.Begin()
		check(err)
		copying, err := tx.Prepare(pq.CopyIn("t", "name", "n", "at", "b"))
		check(err)
		for i := 0; i < 500; i++ {
			_, err = copying.Exec(fmt.Sprint("row\t", i), i, time.Unix(int64(i), 0), []byte{byte(i)})
			check(err)
		}
		_, err = copying.Exec()
		check(err)
		check(copying.Close())
		check(tx.Commit())
		var count int
		check(db.QueryRow("SELECT count(*), sum(n) FROM t WHERE name LIKE 'row%'").Scan(&count, &n))
		fmt.Println(count, n)
		rows, err := db.Query("SELECT 1 AS a; SELECT 'x' AS b, 2.5 AS c")
		check(err)
		for {
			types, _ := rows.ColumnTypes()
			for _, t := range types {
				fmt.Print(t.Name(), " ", t.DatabaseTypeName(), "; ")
			}
			for rows.Next() {
			}
			if !rows.NextResultSet() {
				break
			}
		}
		fmt.Println(rows.Err())
		listener := pq.NewListener(dsn, time.Second, time.Minute, nil)
		check(listener.Listen("news"))
		_, err = db.Exec("NOTIFY news, 'hello'")
		check(err)
		heard := <-listener.Notify
		fmt.Println(heard.Channel, heard.Extra)
		check(listener.Close())
		check(db.Close())
	}
}
