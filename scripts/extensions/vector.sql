-- The signatures of pgvector's type vector. Every function is named as its implementation; the bodies here stand for nothing.
CREATE TYPE vector;
CREATE FUNCTION vector_in(cstring, oid, integer) RETURNS vector IMMUTABLE STRICT PARALLEL SAFE LANGUAGE internal AS 'textin';
CREATE FUNCTION vector_out(vector) RETURNS cstring IMMUTABLE STRICT PARALLEL SAFE LANGUAGE internal AS 'textin';
CREATE FUNCTION vector_typmod_in(cstring[]) RETURNS integer IMMUTABLE STRICT PARALLEL SAFE LANGUAGE internal AS 'textin';
CREATE FUNCTION vector_recv(internal, oid, integer) RETURNS vector IMMUTABLE STRICT PARALLEL SAFE LANGUAGE internal AS 'textin';
CREATE FUNCTION vector_send(vector) RETURNS bytea IMMUTABLE STRICT PARALLEL SAFE LANGUAGE internal AS 'textin';
CREATE TYPE vector (INPUT = vector_in, OUTPUT = vector_out, TYPMOD_IN = vector_typmod_in, RECEIVE = vector_recv, SEND = vector_send, STORAGE = external);
DO $$
DECLARE
  f record;
BEGIN
  FOR f IN SELECT * FROM (VALUES
    ('l2_distance', 'vector, vector', 'float8'), ('inner_product', 'vector, vector', 'float8'), ('cosine_distance', 'vector, vector', 'float8'),
    ('l1_distance', 'vector, vector', 'float8'), ('vector_dims', 'vector', 'integer'), ('vector_norm', 'vector', 'float8'),
    ('l2_normalize', 'vector', 'vector'), ('binary_quantize', 'vector', 'bit'), ('subvector', 'vector, int, int', 'vector'),
    ('vector_add', 'vector, vector', 'vector'), ('vector_sub', 'vector, vector', 'vector'), ('vector_mul', 'vector, vector', 'vector'),
    ('vector_concat', 'vector, vector', 'vector'),
    ('vector_lt', 'vector, vector', 'bool'), ('vector_le', 'vector, vector', 'bool'), ('vector_eq', 'vector, vector', 'bool'),
    ('vector_ne', 'vector, vector', 'bool'), ('vector_ge', 'vector, vector', 'bool'), ('vector_gt', 'vector, vector', 'bool'),
    ('vector_cmp', 'vector, vector', 'int4'), ('vector_l2_squared_distance', 'vector, vector', 'float8'),
    ('vector_negative_inner_product', 'vector, vector', 'float8'), ('vector_spherical_distance', 'vector, vector', 'float8'),
    ('vector_accum', 'float8[], vector', 'float8[]'), ('vector_avg', 'float8[]', 'vector'), ('vector_combine', 'float8[], float8[]', 'float8[]'),
    ('vector', 'vector, integer, boolean', 'vector'), ('array_to_vector', 'integer[], integer, boolean', 'vector'),
    ('array_to_vector', 'real[], integer, boolean', 'vector'), ('array_to_vector', 'float8[], integer, boolean', 'vector'),
    ('array_to_vector', 'numeric[], integer, boolean', 'vector'), ('vector_to_float4', 'vector, integer, boolean', 'real[]')) t (name, args, result)
  LOOP
    EXECUTE format('CREATE FUNCTION %I(%s) RETURNS %s IMMUTABLE STRICT PARALLEL SAFE LANGUAGE internal AS ''textin''', f.name, f.args, f.result);
  END LOOP;
END
$$;
CREATE AGGREGATE avg(vector) (SFUNC = vector_accum, STYPE = double precision[], FINALFUNC = vector_avg, COMBINEFUNC = vector_combine, INITCOND = '{0}', PARALLEL = SAFE);
CREATE AGGREGATE sum(vector) (SFUNC = vector_add, STYPE = vector, COMBINEFUNC = vector_add, PARALLEL = SAFE);
CREATE CAST (vector AS vector) WITH FUNCTION vector(vector, integer, boolean) AS IMPLICIT;
CREATE CAST (vector AS real[]) WITH FUNCTION vector_to_float4(vector, integer, boolean) AS IMPLICIT;
CREATE CAST (integer[] AS vector) WITH FUNCTION array_to_vector(integer[], integer, boolean) AS ASSIGNMENT;
CREATE CAST (real[] AS vector) WITH FUNCTION array_to_vector(real[], integer, boolean) AS ASSIGNMENT;
CREATE CAST (double precision[] AS vector) WITH FUNCTION array_to_vector(double precision[], integer, boolean) AS ASSIGNMENT;
CREATE CAST (numeric[] AS vector) WITH FUNCTION array_to_vector(numeric[], integer, boolean) AS ASSIGNMENT;
CREATE OPERATOR <-> (LEFTARG = vector, RIGHTARG = vector, FUNCTION = l2_distance, COMMUTATOR = '<->');
CREATE OPERATOR <#> (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_negative_inner_product, COMMUTATOR = '<#>');
CREATE OPERATOR <=> (LEFTARG = vector, RIGHTARG = vector, FUNCTION = cosine_distance, COMMUTATOR = '<=>');
CREATE OPERATOR <+> (LEFTARG = vector, RIGHTARG = vector, FUNCTION = l1_distance, COMMUTATOR = '<+>');
CREATE OPERATOR + (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_add, COMMUTATOR = +);
CREATE OPERATOR - (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_sub);
CREATE OPERATOR * (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_mul, COMMUTATOR = *);
CREATE OPERATOR || (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_concat);
CREATE OPERATOR < (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_lt, COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR <= (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_le, COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE OPERATOR = (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_eq, COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel);
CREATE OPERATOR <> (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_ne, COMMUTATOR = <>, NEGATOR = =, RESTRICT = eqsel, JOIN = eqjoinsel);
CREATE OPERATOR >= (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_ge, COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel);
CREATE OPERATOR > (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_gt, COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
CREATE OPERATOR CLASS vector_ops DEFAULT FOR TYPE vector USING btree AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 vector_cmp(vector, vector);
-- Their handler is gist's, which can order by an operator as these can; in KalamDB an index of theirs is an entry in the catalog.
CREATE ACCESS METHOD ivfflat TYPE INDEX HANDLER gisthandler;
CREATE ACCESS METHOD hnsw TYPE INDEX HANDLER gisthandler;
CREATE OPERATOR CLASS vector_l2_ops DEFAULT FOR TYPE vector USING ivfflat AS OPERATOR 1 <-> (vector, vector) FOR ORDER BY float_ops;
CREATE OPERATOR CLASS vector_ip_ops FOR TYPE vector USING ivfflat AS OPERATOR 1 <#> (vector, vector) FOR ORDER BY float_ops;
CREATE OPERATOR CLASS vector_cosine_ops FOR TYPE vector USING ivfflat AS OPERATOR 1 <=> (vector, vector) FOR ORDER BY float_ops;
CREATE OPERATOR CLASS vector_l2_ops FOR TYPE vector USING hnsw AS OPERATOR 1 <-> (vector, vector) FOR ORDER BY float_ops;
CREATE OPERATOR CLASS vector_ip_ops FOR TYPE vector USING hnsw AS OPERATOR 1 <#> (vector, vector) FOR ORDER BY float_ops;
CREATE OPERATOR CLASS vector_cosine_ops FOR TYPE vector USING hnsw AS OPERATOR 1 <=> (vector, vector) FOR ORDER BY float_ops;
CREATE OPERATOR CLASS vector_l1_ops FOR TYPE vector USING hnsw AS OPERATOR 1 <+> (vector, vector) FOR ORDER BY float_ops;
