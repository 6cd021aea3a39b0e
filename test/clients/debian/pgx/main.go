// pgx: batches, CopyFrom, the pool, binary types, LISTEN, transactions, the simple protocol.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgtype"
	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
)

var ctx = context.Background()

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func tell(what string, err error) {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		fmt.Println(what, pg.Code, pg.Message, pg.Detail, pg.ConstraintName)
	} else {
		fmt.Println(what, err)
	}
}

func main() {
	config, err := pgx.ParseConfig("")
	check(err)
	conn, err := pgx.ConnectConfig(ctx, config)
	check(err)
	fmt.Println(conn.PgConn().ParameterStatus("server_encoding"), conn.PgConn().PID() > 0)
	_, err = conn.Exec(ctx, `CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE pair AS (a int, b text);
		CREATE TABLE t (id int PRIMARY KEY, name text, at timestamptz, n numeric, tags text[], data jsonb, b bytea, f float8, d date, u uuid, ip inet, r int4range)`)
	check(err)

	fmt.Println("== types")
	for _, simple := range []bool{false, true} {
		args := []interface{}{true, int16(-5), int32(1 << 30), int64(1) << 60, float32(1.5), 0.1, "näme", []byte{0, 255}, time.Date(2024, 2, 29, 1, 2, 3, 4000, time.UTC), "1234.50", "12345678-1234-5678-1234-567812345678", []int32{1, 2}, []string{"a", "b,\""}, map[string]interface{}{"k": []int{1}}, nil}
		text := "SELECT $1::bool, $2::int2, $3::int4, $4::int8, $5::float4, $6::float8, $7::text, $8::bytea, $9::timestamptz, $10::numeric, $11::uuid, $12::int[], $13::text[], $14::jsonb, $15::int"
		if simple {
			args = append([]interface{}{pgx.QuerySimpleProtocol(true)}, args...)
			args[12] = "{1,2}"
			args[13] = `{a,"b,\""}`
			args[14] = `{"k": [1]}`
		}
		rows, err := conn.Query(ctx, text, args...)
		check(err)
		for rows.Next() {
			values, err := rows.Values()
			check(err)
			for i, v := range values {
				if n, ok := v.(pgtype.Numeric); ok {
					v = fmt.Sprint(n.Int, n.Exp)
				}
				if at, ok := v.(time.Time); ok {
					v = at.UTC()
				}
				fmt.Printf("%s %d %v\n", rows.FieldDescriptions()[i].Name, rows.FieldDescriptions()[i].DataTypeOID, v)
			}
		}
		tell("end", rows.Err())
	}
	var (
		interval pgtype.Interval
		r        pgtype.Int4range
		p        pgtype.Point
		ip       net.IPNet
		date     pgtype.Date
		tr       pgtype.Tstzrange
		hw       pgtype.Macaddr
		bits     pgtype.Varbit
		nums     pgtype.NumericArray
		mood     string
		a        int
		b        *string
	)
	check(conn.QueryRow(ctx, `SELECT '1 mon 2 days 3.5s'::interval, '[1,5)'::int4range, '(1,2)'::point, '10.0.0.0/8'::inet, 'infinity'::date, '[2024-01-01,)'::tstzrange, '01:02:03:04:05:06'::macaddr, B'101'::varbit, '{1.5,NULL}'::numeric[], 'ok'::mood, (1, NULL)::pair`).Scan(
		&interval, &r, &p, &ip, &date, &tr, &hw, &bits, &nums, &mood, pgtype.CompositeFields{&a, &b}))
	fmt.Println(interval, r.Lower.Int, r.UpperType, p.P, ip.String(), date.InfinityModifier, tr.UpperType, hw.Addr, bits.Len, bits.Bytes, len(nums.Elements), mood, a, b)

	fmt.Println("== statements")
	_, err = conn.Prepare(ctx, "add", "INSERT INTO t (id, name, at) VALUES ($1, $2, $3) RETURNING id")
	check(err)
	for i := 0; i < 3; i++ {
		var id int
		check(conn.QueryRow(ctx, "add", i, fmt.Sprint("n", i), time.Unix(int64(i), 0)).Scan(&id))
	}
	tag, err := conn.Exec(ctx, "UPDATE t SET n = id * 1.5")
	fmt.Println(tag, tag.RowsAffected(), err)
	_, err = conn.Exec(ctx, "add", 1, "again", nil)
	tell("twice", err)
	_, err = conn.Exec(ctx, "SELECT nope")
	tell("undefined", err)
	fmt.Println(errors.Is(conn.QueryRow(ctx, "SELECT id FROM t WHERE false").Scan(&a), pgx.ErrNoRows))
	description, err := conn.Prepare(ctx, "", "SELECT id, name FROM t WHERE at > $1 AND n = $2")
	check(err)
	fmt.Println(description.ParamOIDs, string(description.Fields[1].Name), description.Fields[1].DataTypeOID)

	fmt.Println("== batch")
	batch := &pgx.Batch{}
	batch.Queue("INSERT INTO t (id, name) VALUES ($1, $2)", 10, "batched")
	batch.Queue("SELECT count(*) FROM t")
	batch.Queue("SELECT name FROM t WHERE id = $1", 10)
	batch.Queue("DELETE FROM t WHERE id = 10")
	results := conn.SendBatch(ctx, batch)
	tag, err = results.Exec()
	fmt.Println(tag, err)
	check(results.QueryRow().Scan(&a))
	check(results.QueryRow().Scan(&mood))
	fmt.Println(a, mood)
	tag, err = results.Exec()
	fmt.Println(tag, err, results.Close())
	batch = &pgx.Batch{}
	batch.Queue("INSERT INTO t (id) VALUES (20)")
	batch.Queue("SELECT 1/0")
	batch.Queue("INSERT INTO t (id) VALUES (21)")
	results = conn.SendBatch(ctx, batch)
	for i := 0; i < 3; i++ {
		_, err = results.Exec()
		tell("batch", err)
	}
	results.Close()
	check(conn.QueryRow(ctx, "SELECT count(*) FROM t WHERE id >= 20").Scan(&a))
	fmt.Println(a)

	fmt.Println("== COPY")
	rows := [][]interface{}{}
	for i := 100; i < 2100; i++ {
		rows = append(rows, []interface{}{i, fmt.Sprint("c", i), time.Unix(int64(i), 5000), []string{"x", "y"}, map[string]int{"i": i}, []byte{1}, float64(i) / 2, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)})
	}
	count, err := conn.CopyFrom(ctx, pgx.Identifier{"t"}, []string{"id", "name", "at", "tags", "data", "b", "f", "d"}, pgx.CopyFromRows(rows))
	fmt.Println(count, err)
	_, err = conn.CopyFrom(ctx, pgx.Identifier{"t"}, []string{"id"}, pgx.CopyFromRows([][]interface{}{{5000}, {100}}))
	tell("copy", err)
	var out bytes.Buffer
	tag, err = conn.PgConn().CopyTo(ctx, &out, "COPY (SELECT id, name, tags, data, f, d FROM t WHERE id IN (1, 100)) TO STDOUT")
	fmt.Println(tag, err, out.String())
	tag, err = conn.PgConn().CopyFrom(ctx, bytes.NewBufferString("6000,x\n"), "COPY t (id, name) FROM STDIN (FORMAT csv)")
	fmt.Println(tag, err)

	fmt.Println("== transactions")
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.Serializable, AccessMode: pgx.ReadOnly, DeferrableMode: pgx.Deferrable})
	check(err)
	check(tx.QueryRow(ctx, "SHOW transaction_isolation").Scan(&mood))
	_, err = tx.Exec(ctx, "DELETE FROM t")
	tell(mood, err)
	check(tx.Rollback(ctx))
	check(conn.BeginFunc(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO t (id) VALUES (30)")
		check(err)
		inner, err := tx.Begin(ctx)
		check(err)
		_, err = inner.Exec(ctx, "INSERT INTO t (id) VALUES (30)")
		tell("inner", err)
		check(inner.Rollback(ctx))
		return nil
	}))
	tx, _ = conn.Begin(ctx)
	_, err = tx.Exec(ctx, "SELECT 1/0")
	tell("failed", err)
	tell("commit", tx.Commit(ctx))
	tx, _ = conn.Begin(ctx)
	_, err = tx.Exec(ctx, "DECLARE c CURSOR FOR SELECT id FROM t WHERE id > $1 ORDER BY id", 100)
	check(err)
	cursor, err := tx.Query(ctx, "FETCH 2 FROM c")
	check(err)
	for cursor.Next() {
		check(cursor.Scan(&a))
		fmt.Print(a, " ")
	}
	fmt.Println(tx.Commit(ctx))

	fmt.Println("== LISTEN")
	_, err = conn.Exec(ctx, "LISTEN news")
	check(err)
	pool, err := pgxpool.Connect(ctx, "pool_max_conns=4")
	check(err)
	_, err = pool.Exec(ctx, "SELECT pg_notify('news', $1)", "hello")
	check(err)
	heard, err := conn.WaitForNotification(ctx)
	check(err)
	fmt.Println(heard.Channel, heard.Payload)
	short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	_, err = conn.WaitForNotification(short)
	cancel()
	fmt.Println(err != nil, conn.IsClosed())

	fmt.Println("== pool")
	_, err = pool.Exec(ctx, "CREATE TABLE counter (n int); INSERT INTO counter VALUES (0)")
	check(err)
	var group sync.WaitGroup
	for i := 0; i < 20; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			for j := 0; j < 10; j++ {
				_, err := pool.Exec(ctx, "UPDATE counter SET n = n + $1", i)
				check(err)
			}
		}(i)
	}
	group.Wait()
	check(pool.QueryRow(ctx, "SELECT n FROM counter").Scan(&a))
	fmt.Println(a)
	short, cancel = context.WithTimeout(ctx, 100*time.Millisecond)
	_, err = pool.Exec(short, "SELECT pg_sleep(30)")
	cancel()
	fmt.Println(err != nil)
	pool.Close()
	check(conn.Close(ctx))
	_, err = pgx.Connect(ctx, "dbname=nowhere")
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		fmt.Println(pg.Code, pg.Message)
	}
}
