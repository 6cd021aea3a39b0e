import { plpgsqlLanguage } from './plpgsql/plpgsql-language.js';
import type { RoutineLanguage } from './routine.js';
import { sqlLanguage } from './sql/sql-language.js';

/** The languages that routines can be written in, by pg_language.lanname. */
const LANGUAGES: ReadonlyMap<string, RoutineLanguage> = new Map(
  [plpgsqlLanguage, sqlLanguage].map((language) => [language.name, language]),
);

export function languageNamed(name: string): RoutineLanguage | undefined {
  return LANGUAGES.get(name);
}
