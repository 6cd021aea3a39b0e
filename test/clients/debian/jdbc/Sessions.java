import java.io.*;
import java.nio.charset.StandardCharsets;
import java.sql.*;
import java.util.*;
import javax.sql.*;
import javax.transaction.xa.*;
import org.postgresql.*;
import org.postgresql.copy.*;
import org.postgresql.geometric.*;
import org.postgresql.util.*;
import org.postgresql.xa.PGXADataSource;

/** What goes beyond a statement: COPY, notifications, savepoints, isolation, XA, the driver's own types. */
class Sessions {
    static Connection connect(String options) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE") + options,
            System.getenv("PGUSER"), System.getenv("PGPASSWORD"));
    }

    static void attempt(String what, Attempt action) {
        try {
            System.out.println(what + ": " + action.run());
        } catch (SQLException e) {
            ServerErrorMessage m = e instanceof PSQLException ? ((PSQLException) e).getServerErrorMessage() : null;
            System.out.println(what + ": " + e.getSQLState() + " " + (m == null ? e.getMessage() : m.getMessage() + " | " + m.getDetail() + " | " + m.getTable() + " | " + m.getConstraint()));
        } catch (Exception e) {
            System.out.println(what + ": " + e);
        }
    }

    interface Attempt { Object run() throws Exception; }

    static String one(Connection c, String sql) throws SQLException {
        try (Statement s = c.createStatement(); ResultSet r = s.executeQuery(sql)) {
            return r.next() ? r.getString(1) : "nothing";
        }
    }

    static class Branch implements Xid {
        final byte[] global, branch;
        Branch(String global, String branch) { this.global = global.getBytes(); this.branch = branch.getBytes(); }
        public int getFormatId() { return 7; }
        public byte[] getGlobalTransactionId() { return global; }
        public byte[] getBranchQualifier() { return branch; }
    }

    public static void main(String[] args) throws Exception {
        try (Connection c = connect("?ApplicationName=sessions&currentSchema=app,public&options=-c%20work_mem=8MB"); Statement s = c.createStatement()) {
            System.out.println(one(c, "SHOW application_name") + " " + one(c, "SHOW search_path") + " " + one(c, "SHOW work_mem") + " " + one(c, "SHOW TimeZone").isEmpty());
            s.execute("CREATE SCHEMA app; CREATE TABLE t (id int PRIMARY KEY, name text)");
            System.out.println(c.getSchema());

            System.out.println("==== COPY");
            CopyManager copies = c.unwrap(PGConnection.class).getCopyAPI();
            System.out.println(copies.copyIn("COPY t FROM STDIN", new StringReader("1\tone\n2\t\\N\n3\ttab\\there\n")));
            System.out.println(copies.copyIn("COPY t FROM STDIN (FORMAT csv, HEADER)", new ByteArrayInputStream("id,name\n4,\"a \"\"b\"\"\"\n".getBytes())));
            StringWriter out = new StringWriter();
            System.out.println(copies.copyOut("COPY (SELECT * FROM t ORDER BY id) TO STDOUT (FORMAT csv)", out) + "\n" + out);
            CopyIn in = copies.copyIn("COPY t FROM STDIN");
            in.writeToCopy("5\tfi".getBytes(), 0, 4);
            in.writeToCopy("ve\n".getBytes(), 0, 3);
            System.out.println(in.endCopy() + " " + in.getFieldCount() + " " + in.getFormat());
            in = copies.copyIn("COPY t FROM STDIN");
            in.writeToCopy("6\tsix\n".getBytes(), 0, 6);
            in.cancelCopy();
            attempt("bad", () -> copies.copyIn("COPY t FROM STDIN", new StringReader("x\ty\n")));
            attempt("twice", () -> copies.copyIn("COPY t FROM STDIN", new StringReader("1\ty\n")));
            ByteArrayOutputStream binary = new ByteArrayOutputStream();
            copies.copyOut("COPY t TO STDOUT (FORMAT binary)", binary);
            s.execute("CREATE TABLE t2 (LIKE t)");
            System.out.println(copies.copyIn("COPY t2 FROM STDIN (FORMAT binary)", new ByteArrayInputStream(binary.toByteArray())) + " " + one(c, "SELECT string_agg(name, ',' ORDER BY id) FROM t2"));
            CopyOut piecewise = copies.copyOut("COPY t TO STDOUT");
            System.out.println(new String(piecewise.readFromCopy(), StandardCharsets.UTF_8).trim());
            while (piecewise.readFromCopy() != null) { }

            System.out.println("==== notifications");
            s.execute("LISTEN news");
            try (Connection other = connect("")) {
                other.createStatement().execute("NOTIFY news, 'hello'; SELECT pg_notify('news', 'zwei')");
            }
            s.execute("SELECT 1");
            for (PGNotification n : c.unwrap(PGConnection.class).getNotifications(1000)) System.out.println(n.getName() + " " + n.getParameter());
            s.execute("DO $$ BEGIN RAISE WARNING 'careful'; RAISE NOTICE 'look'; END $$");
            for (SQLWarning w = s.getWarnings(); w != null; w = w.getNextWarning()) System.out.println(w.getSQLState() + " " + w.getMessage());

            System.out.println("==== savepoints");
            c.setAutoCommit(false);
            s.executeUpdate("INSERT INTO t VALUES (10, 'kept')");
            Savepoint named = c.setSavepoint("a point");
            s.executeUpdate("INSERT INTO t VALUES (11, 'undone')");
            Savepoint inner = c.setSavepoint();
            attempt("twice", () -> s.executeUpdate("INSERT INTO t VALUES (10, 'again')"));
            attempt("failed", () -> one(c, "SELECT 1"));
            c.rollback(inner);
            System.out.println(one(c, "SELECT count(*) FROM t"));
            c.rollback(named);
            c.releaseSavepoint(named);
            c.commit();
            System.out.println(one(c, "SELECT count(*) FROM t"));
            c.commit();
            c.setAutoCommit(true);
            try (Connection always = connect("?autosave=always&currentSchema=app")) {
                always.setAutoCommit(false);
                always.createStatement().executeUpdate("INSERT INTO t VALUES (12, 'autosave')");
                attempt("autosave", () -> one(always, "SELECT 1/0"));
                System.out.println(one(always, "SELECT count(*) FROM t"));
                always.rollback();
            }
            for (int level : new int[] {Connection.TRANSACTION_READ_UNCOMMITTED, Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE}) {
                c.setTransactionIsolation(level);
                System.out.println(c.getTransactionIsolation() == level ? one(c, "SHOW transaction_isolation") : "?");
            }
            c.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            c.setReadOnly(true);
            c.setAutoCommit(false);
            attempt("read only", () -> s.executeUpdate("DELETE FROM t"));
            c.rollback();
            c.setAutoCommit(true);
            c.setReadOnly(false);

            System.out.println("==== XA");
            PGXADataSource xads = new PGXADataSource();
            xads.setServerNames(new String[] {System.getenv("PGHOST")});
            xads.setPortNumbers(new int[] {Integer.parseInt(System.getenv("PGPORT"))});
            xads.setDatabaseName(System.getenv("PGDATABASE"));
            xads.setUser(System.getenv("PGUSER"));
            xads.setPassword(System.getenv("PGPASSWORD"));
            XAConnection xac = xads.getXAConnection();
            XAResource xa = xac.getXAResource();
            Connection inXa = xac.getConnection();
            for (boolean commit : new boolean[] {true, false}) {
                Branch xid = new Branch("global " + commit, "branch");
                xa.start(xid, XAResource.TMNOFLAGS);
                inXa.createStatement().executeUpdate("INSERT INTO app.t VALUES (" + (commit ? 20 : 21) + ", 'xa')");
                xa.end(xid, XAResource.TMSUCCESS);
                System.out.println(xa.prepare(xid) + " " + one(c, "SELECT count(*) FROM pg_prepared_xacts"));
                Xid[] found = xa.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN);
                System.out.println(found.length + " " + new String(found[0].getGlobalTransactionId()) + " " + found[0].getFormatId());
                if (commit) xa.commit(xid, false); else xa.rollback(found[0]);
                System.out.println(one(c, "SELECT count(*) FROM t WHERE id >= 20"));
            }
            Branch once = new Branch("once", "b");
            xa.start(once, XAResource.TMNOFLAGS);
            inXa.createStatement().executeUpdate("DELETE FROM app.t WHERE id = 20");
            xa.end(once, XAResource.TMSUCCESS);
            xa.commit(once, true);
            System.out.println(one(c, "SELECT count(*) FROM t WHERE id >= 20"));
            try {
                xa.commit(new Branch("unknown", "b"), false);
            } catch (XAException e) {
                System.out.println(e.errorCode);
            }
            xac.close();

            System.out.println("==== the driver's types");
            s.execute("CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE pair AS (a int, b text)");
            PreparedStatement p = c.prepareStatement("SELECT ?, ?, ?, ?::mood, ?::pair, ?::jsonb, ARRAY[?, ?]");
            p.setObject(1, new PGpoint(1.5, -2));
            p.setObject(2, new PGInterval(1, 2, 3, 4, 5, 6.5));
            p.setObject(3, new PGbox(0, 0, 1, 1));
            p.setString(4, "ok");
            PGobject pair = new PGobject();
            pair.setType("pair");
            pair.setValue("(1,\"x y\")");
            p.setObject(5, pair);
            p.setObject(6, "[1, 2]", Types.OTHER);
            p.setObject(7, new PGpoint(1, 2));
            p.setObject(8, new PGpoint(3, 4));
            for (int round = 0; round < 7; round++) {
                ResultSet r = p.executeQuery();
                r.next();
                if (round % 3 == 0) System.out.println(r.getObject(1) + " " + r.getObject(2) + " " + r.getObject(3) + " " + r.getObject(4) + " " + r.getObject(5).getClass().getSimpleName() + r.getObject(5) + " " + r.getObject(6) + " " + Arrays.toString((Object[]) r.getArray(7).getArray()));
            }
            ResultSet arrays = s.executeQuery("SELECT ARRAY['sad', NULL]::mood[], '{{1,2},{3,4}}'::int8[], ARRAY[ROW(1,'a')::pair], '{}'::text[], ARRAY['2024-01-01'::date], '[0:1]={a,b}'::text[], ARRAY[1.5, NULL]");
            arrays.next();
            for (int k = 1; k <= 7; k++) System.out.println(arrays.getArray(k).getBaseTypeName() + " " + arrays.getArray(k).getBaseType() + " " + arrays.getArray(k) + " " + Arrays.deepToString((Object[]) arrays.getArray(k).getArray()));
            System.out.println(c.isValid(1) + " " + c.nativeSQL("{fn now()}") + " " + c.unwrap(PGConnection.class).escapeLiteral("it's"));
            try (Connection other = connect("")) {
                int pid = other.unwrap(PGConnection.class).getBackendPID();
                System.out.println(one(c, "SELECT pg_terminate_backend(" + pid + ")"));
                attempt("ended", () -> one(other, "SELECT 1"));
                System.out.println(other.isValid(1) + " " + other.isClosed());
            }
            attempt("no such database", () -> DriverManager.getConnection("jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/nowhere", System.getenv("PGUSER"), System.getenv("PGPASSWORD")));
        }
    }
}
