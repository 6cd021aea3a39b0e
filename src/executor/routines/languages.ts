import type { RoutineLanguage } from './routine.js';

/** The languages that routines can be written in, by pg_language.lanname. */
const LANGUAGES: ReadonlyMap<string, RoutineLanguage> = new Map<string, RoutineLanguage>([]);

export function languageNamed(name: string): RoutineLanguage | undefined {
  return LANGUAGES.get(name);
}
