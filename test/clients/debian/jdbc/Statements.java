import java.math.BigDecimal;
import java.sql.*;
import java.time.*;
import java.util.*;

/** Statements of every kind: prepared with binary transfer, batches, generated keys, cursors, procedures, updatable results. */
class Statements {
    static Connection connect(String options) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE") + options,
            System.getenv("PGUSER"), System.getenv("PGPASSWORD"));
    }

    static String text(Object value) throws SQLException {
        if (value instanceof java.sql.Array) return Arrays.deepToString((Object[]) ((java.sql.Array) value).getArray());
        if (value instanceof byte[]) return HexFormat.of().formatHex((byte[]) value);
        return String.valueOf(value);
    }

    static void attempt(String what, Attempt action) {
        try {
            System.out.println(what + ": " + text(action.run()));
        } catch (SQLException e) {
            System.out.println(what + ": " + e.getSQLState() + " " + e.getMessage().replace("\n", " / "));
        }
    }

    interface Attempt { Object run() throws SQLException; }

    public static void main(String[] args) throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
        for (String options : new String[] {"?prepareThreshold=1", "?prepareThreshold=-1", "?preferQueryMode=extendedForPrepared", "?preferQueryMode=extendedCacheEverything", "?prepareThreshold=0&binaryTransfer=false"}) {
            System.out.println("==== " + options);
            try (Connection c = connect(options); Statement s = c.createStatement()) {
                s.execute("DROP TABLE IF EXISTS t; CREATE TABLE t (id serial PRIMARY KEY, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, n numeric(20,5), s varchar(20), b bytea, o bool, d date, tm time, ts timestamp, tz timestamptz, u uuid, a int[], sa text[], j jsonb, iv interval)");
                String insert = "INSERT INTO t (i2, i4, i8, f4, f8, n, s, b, o, d, tm, ts, tz, u, a, sa, j, iv) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::interval)";
                try (PreparedStatement p = c.prepareStatement(insert, new String[] {"id", "s"})) {
                    for (int k = 0; k < 3; k++) {
                        p.setShort(1, (short) (k - 1));
                        p.setInt(2, Integer.MIN_VALUE + k);
                        p.setLong(3, Long.MAX_VALUE - k);
                        p.setFloat(4, 1.5f * k);
                        p.setDouble(5, k == 2 ? Double.NaN : 0.1 * k);
                        p.setBigDecimal(6, new BigDecimal("-12345.67890").multiply(BigDecimal.valueOf(k)));
                        p.setString(7, "näme " + k);
                        p.setBytes(8, new byte[] {0, (byte) 255, (byte) k});
                        p.setBoolean(9, k == 1);
                        p.setObject(10, LocalDate.of(2024, 2, 29).plusYears(k));
                        p.setObject(11, LocalTime.of(23, 59, 59, 123456000));
                        p.setObject(12, LocalDateTime.of(2024, 3, 10, 2, 30));
                        p.setObject(13, OffsetDateTime.of(2024, 7, 1, 12, 0, 0, 1000 * k, ZoneOffset.ofHours(3)));
                        p.setObject(14, new UUID(k, k));
                        p.setArray(15, c.createArrayOf("int4", new Integer[] {1, null, k}));
                        p.setArray(16, c.createArrayOf("text", new String[] {"a,b", "\"q\"", null}));
                        p.setString(17, "{\"k\": " + k + "}");
                        if (k == 2) p.setNull(18, Types.OTHER); else p.setString(18, "1 day 02:03:04.5");
                        p.executeUpdate();
                        ResultSet keys = p.getGeneratedKeys();
                        keys.next();
                        System.out.println("key " + keys.getInt(1) + " " + keys.getString(2));
                    }
                }
                try (PreparedStatement p = c.prepareStatement("SELECT * FROM t WHERE id <= ? ORDER BY id")) {
                    for (int round = 0; round < 3; round++) {
                        p.setInt(1, 2);
                        ResultSet r = p.executeQuery();
                        while (r.next()) {
                            StringJoiner line = new StringJoiner(" ");
                            for (int k = 1; k <= r.getMetaData().getColumnCount(); k++) line.add(text(r.getObject(k)));
                            if (round != 1) System.out.println(line);
                        }
                    }
                    ResultSet r = p.executeQuery();
                    r.next();
                    System.out.println(r.getObject("tz", OffsetDateTime.class) + " " + r.getTimestamp("ts").getTime() + " " + r.getTimestamp("tz").getTime() + " " + r.getTime("tm") + " " + r.getDate("d")
                        + " " + r.getObject("ts", LocalDateTime.class) + " " + r.getObject("d", LocalDate.class) + " " + r.getObject("u", UUID.class) + " " + r.getBigDecimal("n") + " " + r.getString("f8") + " " + text(r.getBytes("b")));
                }
                attempt("wrong type", () -> s.executeQuery("SELECT 'x'::text WHERE 1 = 'one'"));
                try (PreparedStatement p = c.prepareStatement("SELECT ?::int / ?::int")) {
                    p.setInt(1, 1);
                    p.setInt(2, 0);
                    attempt("division", p::executeQuery);
                    p.setInt(2, 1);
                    attempt("again", () -> { ResultSet r = p.executeQuery(); r.next(); return r.getInt(1); });
                }
                boolean rows = s.execute("SELECT 1; UPDATE t SET o = true; SELECT 2, 3; DELETE FROM t WHERE id = 3");
                while (rows || s.getUpdateCount() != -1) {
                    System.out.println(rows ? "rows of " + s.getResultSet().getMetaData().getColumnCount() : "count " + s.getUpdateCount());
                    rows = s.getMoreResults();
                }
                s.setMaxRows(2);
                ResultSet few = s.executeQuery("SELECT generate_series(1, 100)");
                int n = 0;
                while (few.next()) n++;
                System.out.println("max rows " + n);
                s.setMaxRows(0);
                s.setQueryTimeout(1);
                attempt("timeout", () -> s.executeQuery("SELECT pg_sleep(20)"));
                s.setQueryTimeout(0);
            }
        }
        System.out.println("==== batches");
        for (String options : new String[] {"?reWriteBatchedInserts=true", "?reWriteBatchedInserts=false"})
            try (Connection c = connect(options); Statement s = c.createStatement()) {
                s.execute("DROP TABLE IF EXISTS b; CREATE TABLE b (id int PRIMARY KEY, t text, at timestamptz)");
                PreparedStatement p = c.prepareStatement("INSERT INTO b (id, t, at) VALUES (?, ?, ?)");
                for (int k = 0; k < 1000; k++) {
                    p.setInt(1, k);
                    p.setString(2, "row " + k);
                    p.setTimestamp(3, new Timestamp(1700000000000L + k));
                    p.addBatch();
                }
                System.out.println(p.executeBatch().length);
                for (int k : new int[] {2000, 5, 2001}) {
                    p.setInt(1, k);
                    p.addBatch();
                }
                try {
                    p.executeBatch();
                } catch (BatchUpdateException e) {
                    System.out.println(e.getSQLState() + " " + Arrays.toString(e.getUpdateCounts()));
                }
                PreparedStatement u = c.prepareStatement("UPDATE b SET t = ? WHERE id % 100 = ? RETURNING id", Statement.RETURN_GENERATED_KEYS);
                for (int k = 0; k < 3; k++) {
                    u.setString(1, "changed");
                    u.setInt(2, k);
                    u.addBatch();
                }
                System.out.println(Arrays.toString(u.executeBatch()));
                ResultSet keys = u.getGeneratedKeys();
                int found = 0;
                while (keys.next()) found++;
                System.out.println(found);
                s.addBatch("DELETE FROM b WHERE id < 10");
                s.addBatch("INSERT INTO b VALUES (1, 'x', NULL), (2, 'y', NULL)");
                System.out.println(Arrays.toString(s.executeBatch()));
                ResultSet r = s.executeQuery("SELECT count(*), sum(id), max(at) FROM b");
                r.next();
                System.out.println(r.getInt(1) + " " + r.getLong(2) + " " + r.getTimestamp(3).getTime());
            }
        try (Connection c = connect(""); Statement s = c.createStatement()) {
            System.out.println("==== fetch size");
            c.setAutoCommit(false);
            Statement cursor = c.createStatement();
            cursor.setFetchSize(7);
            ResultSet r = cursor.executeQuery("SELECT i FROM generate_series(1, 50) i");
            long sum = 0;
            while (r.next()) {
                sum += r.getInt(1);
                if (r.getInt(1) == 20) s.executeQuery("SELECT 1").close();
            }
            System.out.println(sum);
            r = cursor.executeQuery("SELECT i FROM generate_series(1, 50) i");
            r.next();
            c.commit();
            ResultSet late = r;
            attempt("after commit", () -> { int k = 1; while (late.next()) k++; return k; });
            c.rollback();
            c.setAutoCommit(true);

            System.out.println("==== scroll and update");
            s.execute("CREATE TABLE up (id int PRIMARY KEY, name text, n numeric)");
            s.execute("INSERT INTO up SELECT i, 'n' || i, i * 1.5 FROM generate_series(1, 5) i");
            Statement scroll = c.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
            ResultSet u = scroll.executeQuery("SELECT id, name, n FROM up ORDER BY id");
            u.absolute(3);
            u.updateString("name", "third");
            u.updateRow();
            u.last();
            u.deleteRow();
            u.moveToInsertRow();
            u.updateInt(1, 9);
            u.updateString(2, "new");
            u.updateBigDecimal(3, new BigDecimal("9.9"));
            u.insertRow();
            u.beforeFirst();
            u.relative(2);
            u.refreshRow();
            System.out.println(u.getRow() + " " + u.getString(2) + " " + u.isLast());
            u.afterLast();
            StringBuilder back = new StringBuilder();
            while (u.previous()) back.append(u.getInt(1)).append(' ');
            System.out.println(back);
            r = s.executeQuery("SELECT * FROM up ORDER BY id");
            while (r.next()) System.out.println(r.getInt(1) + " " + r.getString(2) + " " + r.getBigDecimal(3));

            System.out.println("==== procedures and functions");
            s.execute("CREATE FUNCTION add(a int, b int, OUT c int, INOUT d text) LANGUAGE plpgsql AS $$ BEGIN c := a + b; d := d || '!'; END $$; "
                + "CREATE PROCEDURE twice(INOUT n int) LANGUAGE plpgsql AS $$ BEGIN n := n * 2; END $$; "
                + "CREATE FUNCTION cursors() RETURNS refcursor LANGUAGE plpgsql AS $$ DECLARE r refcursor; BEGIN OPEN r FOR SELECT * FROM up ORDER BY id; RETURN r; END $$");
            CallableStatement call = c.prepareCall("{call add(?, ?, ?, ?)}");
            call.setInt(1, 2);
            call.setInt(2, 3);
            call.registerOutParameter(3, Types.INTEGER);
            call.setString(4, "x");
            call.registerOutParameter(4, Types.VARCHAR);
            call.execute();
            System.out.println(call.getInt(3) + " " + call.getString(4));
            call = c.prepareCall("{? = call upper(?)}");
            call.registerOutParameter(1, Types.VARCHAR);
            call.setString(2, "abc");
            call.execute();
            System.out.println(call.getString(1));
            c.setAutoCommit(false);
            call = c.prepareCall("{? = call cursors()}");
            call.registerOutParameter(1, Types.REF_CURSOR);
            call.execute();
            r = (ResultSet) call.getObject(1);
            while (r.next()) System.out.print(r.getString(2) + " ");
            System.out.println();
            c.setAutoCommit(true);
            try (Connection procedures = connect("?escapeSyntaxCallMode=callIfNoReturn")) {
                CallableStatement p = procedures.prepareCall("{call twice(?)}");
                p.setInt(1, 21);
                p.registerOutParameter(1, Types.INTEGER);
                p.execute();
                System.out.println(p.getInt(1));
            }
            System.out.println("==== escapes");
            r = s.executeQuery("SELECT {fn concat('a', 'b')}, {d '2024-01-02'}, {ts '2024-01-02 03:04:05'}, {fn dayofweek({d '2024-01-02'})}, {fn timestampdiff(SQL_TSI_HOUR, {ts '2024-01-01 00:00:00'}, {ts '2024-01-02 00:00:00'})}");
            r.next();
            for (int k = 1; k <= 5; k++) System.out.print(r.getString(k) + " ");
            System.out.println();
        }
    }
}
