import { AGGREGATE_CALLS } from './aggregate-calls.js';

/** What a live query can be made of, and how it is seen in a query's text. */
const FORMS: Readonly<Record<string, RegExp>> = {
  'a table alone': /^SELECT \* FROM \w+$/,
  'inner join': /(?<!LEFT |RIGHT |FULL |CROSS )\bJOIN\b/,
  'left join': /\bLEFT JOIN\b(?! LATERAL)/,
  'right join': /\bRIGHT JOIN\b/,
  'full join': /\bFULL JOIN\b/,
  'cross join': /\bCROSS JOIN\b(?! LATERAL)/,
  'semi-join: EXISTS': /(?<!NOT )EXISTS \(/,
  'anti-join: NOT EXISTS': /NOT EXISTS \(/,
  'semi-join: IN': /(?<!NOT )IN \((SELECT|WITH|\(SELECT)/,
  'anti-join: NOT IN': /NOT IN \((SELECT|WITH|\(SELECT)/,
  WHERE: /\bWHERE\b/,
  'a stable expression': /current_setting|to_char|timestamptz|current_user/,
  'GROUP BY': /\bGROUP BY\b/,
  'grouping sets': /ROLLUP|CUBE|GROUPING SETS/,
  'aggregates of all rows': /SELECT (count|sum|min|max|avg)\((?:(?!GROUP BY).)*$/,
  'DISTINCT within an aggregate': /\w\(DISTINCT/,
  FILTER: /FILTER \(/,
  HAVING: /\bHAVING\b/,
  DISTINCT: /SELECT DISTINCT(?! ON)/,
  'DISTINCT ON': /DISTINCT ON/,
  'UNION ALL': /UNION ALL/,
  UNION: /UNION(?! ALL)/,
  INTERSECT: /INTERSECT/,
  EXCEPT: /EXCEPT/,
  'ORDER BY without LIMIT': /ORDER BY (?:(?!LIMIT|OFFSET|\)).)*$/,
  'ORDER BY with LIMIT': /ORDER BY [^()]* LIMIT/,
  OFFSET: /\bOFFSET\b/,
  'LATERAL top-k': /LATERAL \((?:(?!ON true).)*LIMIT/,
  'LATERAL otherwise': /LATERAL \((?:(?!LIMIT|ON true).)*\)/,
  'a sub-query as a value': /\(SELECT [^;]*\) AS \w+|[<>=]+ \(SELECT/,
  WITH: /\bWITH \w+ AS/,
  'a set-returning function': /unnest\(|generate_series\(/,
  VALUES: /\bVALUES\b/,
};

/** The forms that a query has. */
export function formsOf(text: string): string[] {
  const forms = Object.entries(FORMS).flatMap(([name, pattern]) => (pattern.test(text) ? [`form: ${name}`] : []));
  const aggregates = Object.keys(AGGREGATE_CALLS).filter((name) => new RegExp(`\\b${name}\\(`).test(text));
  return [...forms, ...aggregates.map((name) => `aggregate: ${name}`)];
}

/** All that a long run should have met. */
export function allForms(): string[] {
  return [...Object.keys(FORMS).map((name) => `form: ${name}`), ...Object.keys(AGGREGATE_CALLS).map((name) => `aggregate: ${name}`)];
}
