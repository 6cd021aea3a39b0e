import { type DestinationStream, type Logger, pino } from 'pino';

/** The server's own log: one JSON line an event, on standard error. Never a password or a row. */
export type { Logger };

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** @param destination where lines go; absent: standard error */
export function createLogger(level: LogLevel, destination: DestinationStream = pino.destination({ dest: 2, sync: true })): Logger {
  return pino({ level, base: null }, destination);
}

/** For tests and tools that want no log. */
export const silentLogger: Logger = pino({ level: 'silent' });
