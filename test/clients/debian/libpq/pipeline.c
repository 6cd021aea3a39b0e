/* libpq itself: pipeline mode with prepared statements, single-row mode, errors between syncs, COPY, cancelling, notices. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void notice(void *arg, const PGresult *res) { printf("notice %s %s\n", PQresultErrorField(res, PG_DIAG_SQLSTATE), PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY)); }

static void show(PGconn *conn) {
  PGresult *res;
  while ((res = PQgetResult(conn)) != NULL) {
    printf("  %s", PQresStatus(PQresultStatus(res)));
    if (PQresultStatus(res) == PGRES_FATAL_ERROR) printf(" %s %s", PQresultErrorField(res, PG_DIAG_SQLSTATE), PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY));
    if (*PQcmdStatus(res)) printf(" [%s]", PQcmdStatus(res));
    for (int i = 0; i < PQntuples(res); i++) printf(" %s", PQgetvalue(res, i, 0));
    printf("\n");
    int sync = PQresultStatus(res) == PGRES_PIPELINE_SYNC;
    PQclear(res);
    if (sync) return;
  }
  printf("  -\n");
}

static void run(PGconn *conn, const char *sql) { PGresult *res = PQexec(conn, sql); printf("%s: %s %s", sql, PQresStatus(PQresultStatus(res)), PQresultErrorMessage(res)); printf("\n"); PQclear(res); }

int main(void) {
  PGconn *conn = PQconnectdb("");
  if (PQstatus(conn) != CONNECTION_OK) { fprintf(stderr, "%s", PQerrorMessage(conn)); return 1; }
  PQsetNoticeReceiver(conn, notice, NULL);
  run(conn, "CREATE TABLE t (id int PRIMARY KEY, v text)");
  run(conn, "CREATE TABLE IF NOT EXISTS t (id int)");

  printf("pipeline\n");
  PQenterPipelineMode(conn);
  PQsendPrepare(conn, "add", "INSERT INTO t VALUES ($1, $2) RETURNING id", 0, NULL);
  for (int i = 0; i < 3; i++) {
    char id[12];
    snprintf(id, sizeof id, "%d", i);
    const char *values[] = {id, "value"};
    PQsendQueryPrepared(conn, "add", 2, values, NULL, NULL, 0);
  }
  PQpipelineSync(conn);
  for (int i = 0; i < 5; i++) show(conn);
  printf("errors\n");
  const char *again[] = {"1", "twice"}, *other[] = {"9", "other"};
  PQsendQueryParams(conn, "INSERT INTO t VALUES (5, 'undone')", 0, NULL, NULL, NULL, NULL, 0);
  PQsendQueryPrepared(conn, "add", 2, again, NULL, NULL, 0);
  PQsendQueryPrepared(conn, "add", 2, other, NULL, NULL, 0);
  PQpipelineSync(conn);
  PQsendQueryPrepared(conn, "add", 2, other, NULL, NULL, 0);
  PQsendDescribePrepared(conn, "add");
  PQsendFlushRequest(conn);
  PQpipelineSync(conn);
  for (int i = 0; i < 7; i++) show(conn);
  printf("a transaction in a pipeline\n");
  PQsendQueryParams(conn, "BEGIN", 0, NULL, NULL, NULL, NULL, 0);
  PQsendQueryParams(conn, "SELECT 1/0", 0, NULL, NULL, NULL, NULL, 0);
  PQpipelineSync(conn);
  PQsendQueryParams(conn, "SELECT 1", 0, NULL, NULL, NULL, NULL, 0);
  PQpipelineSync(conn);
  PQsendQueryParams(conn, "ROLLBACK", 0, NULL, NULL, NULL, NULL, 0);
  PQsendQueryParams(conn, "SELECT count(*) FROM t", 0, NULL, NULL, NULL, NULL, 0);
  PQpipelineSync(conn);
  for (int i = 0; i < 8; i++) show(conn);
  printf("leaves: %d\n", PQexitPipelineMode(conn));

  printf("single rows\n");
  PQsendQuery(conn, "SELECT i FROM generate_series(1, 3) i; SELECT 10/(i-2) FROM generate_series(1, 3) i");
  PQsetSingleRowMode(conn);
  show(conn);
  printf("chunks\n");
  PQsendQuery(conn, "SELECT 1; INSERT INTO t VALUES (50); SELECT 2; SELECT 1/0; SELECT 3");
  show(conn);
  run(conn, "SELECT count(*) FROM t WHERE id = 50 HAVING count(*) = 1");
  printf("describe\n");
  PGresult *res = PQdescribePrepared(conn, "add");
  printf("%d %u %u %s\n", PQnparams(res), PQparamtype(res, 0), PQparamtype(res, 1), PQfname(res, 0));
  PQclear(res);
  res = PQexecParams(conn, "SELECT $1::int8, $2::text, id FROM t LIMIT 1", 2, NULL, (const char *[]){"7", NULL}, NULL, NULL, 1);
  printf("%d %d %d %u %u %d %d\n", PQfformat(res, 0), PQgetlength(res, 0, 0), PQgetisnull(res, 0, 1), PQftype(res, 0), PQftype(res, 2), PQftablecol(res, 2), PQftable(res, 2) > 0);
  PQclear(res);
  printf("COPY\n");
  PQclear(PQexec(conn, "COPY t FROM STDIN"));
  PQputCopyData(conn, "100\ta\n101\tb", 11);
  PQputCopyData(conn, "\n", 1);
  PQputCopyEnd(conn, NULL);
  show(conn);
  PQclear(PQexec(conn, "COPY t FROM STDIN"));
  PQputCopyEnd(conn, "no more");
  show(conn);
  PQclear(PQexec(conn, "COPY (SELECT * FROM t WHERE id >= 100) TO STDOUT"));
  char *line;
  while (PQgetCopyData(conn, &line, 0) > 0) { printf("  %s", line); PQfreemem(line); }
  show(conn);
  printf("cancelling\n");
  PQsendQuery(conn, "SELECT pg_sleep(30)");
  char error[256];
  PGcancel *cancel = PQgetCancel(conn);
  printf("%d\n", PQcancel(cancel, error, sizeof error));
  PQfreeCancel(cancel);
  show(conn);
  run(conn, "LISTEN here");
  run(conn, "NOTIFY here, 'payload'");
  PGnotify *notify = PQnotifies(conn);
  printf("%s %s %d\n", notify->relname, notify->extra, notify->be_pid == PQbackendPID(conn));
  PQfreemem(notify);
  char *hashed = PQencryptPasswordConn(conn, "secret", "someone", NULL);
  printf("%.13s\n", hashed);
  PQfreemem(hashed);
  printf("%d %s %d\n", PQserverVersion(conn) / 10000, PQparameterStatus(conn, "client_encoding"), PQtransactionStatus(conn));
  PQfinish(conn);
  return 0;
}
