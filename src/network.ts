import { join } from 'node:path';
import type { Logger } from './commons/logger.js';
import { SettingName } from './commons/setting-names.js';
import type { ConfigurationFiles } from './configuration.js';
import type { AuditLog } from './session/audit/audit-log.js';
import type { ServerParts } from './session/server-parts.js';
import type { ServerSessions } from './session/session-factory.js';
import { AccessControl } from './wire/authentication/access-control.js';
import type { LoginAttempt, LoginLog } from './wire/authentication/login-log.js';
import { LoginThrottle } from './wire/authentication/login-throttle.js';
import { Listener } from './wire/listener.js';
import { tooFewFiles } from './wire/open-files.js';
import { socketFileName } from './wire/unix-socket.js';
import { WebSocketListener } from './wire/websocket-listener.js';

export interface NetworkOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Where the Unix socket lies; absent: there is none. */
  readonly socketDirectory?: string | undefined;
  /** Where WebSockets are taken; absent: nowhere. */
  readonly websocketPort?: number | undefined;
  /** Origins of pages that may connect by them; `*`: all. */
  readonly websocketOrigins?: readonly string[] | undefined;
}

export interface Network {
  readonly listener: Listener;
  readonly host: string;
  readonly port: number;
  readonly websocketPort: number | undefined;
  /** No new connections from now on. */
  stop(): void;
}

const BYTES_PER_KB = 1024;

/** Opens the ways in. Rejects with Node's errors of listening; then nothing is left open. */
export async function openNetwork(
  parts: ServerParts,
  sessions: ServerSessions,
  configuration: ConfigurationFiles,
  options: NetworkOptions,
): Promise<Network> {
  const { logger, clock } = parts;
  const setting = (name: string): number => Number(parts.settings.find(name)?.boot);
  const limits = {
    maxConnections: setting(SettingName.maxConnections),
    maxMessageBytes: setting(SettingName.kalamdbMaxMessageSize) * BYTES_PER_KB,
    maxUnreadBytes: setting(SettingName.kalamdbMaxUnreadResults) * BYTES_PER_KB,
    authenticationTimeoutMs: setting(SettingName.authenticationTimeout) * 1000,
    keepAliveMs: (setting(SettingName.tcpKeepalivesIdle) || DEFAULT_KEEPALIVE_S) * 1000,
  };
  const shortage = tooFewFiles(limits.maxConnections);
  if (shortage !== undefined) logger.warn(shortage);
  const throttle = new LoginThrottle(setting(SettingName.kalamdbLoginFailureDelay), () => clock.monotonicMs());
  const access = new AccessControl({
    rules: configuration.rules,
    throttle,
    keys: configuration.keys,
    log: loginLog(parts.audit, logger),
    logger,
  });
  const listener = new Listener({ factory: sessions, access, tls: configuration.tls, limits, logger });
  try {
    const { address, port } = await listener.listen(options.host, options.port);
    if (options.socketDirectory !== undefined) {
      const mode = setting(SettingName.unixSocketPermissions);
      await listener.listenOnFile(join(options.socketDirectory, socketFileName(port)), mode);
    }
    const webSockets =
      options.websocketPort === undefined
        ? undefined
        : new WebSocketListener(listener, options.websocketOrigins ?? [], limits.authenticationTimeoutMs);
    const websocketPort = await webSockets?.listen(options.host, options.websocketPort ?? 0);
    const stop = (): void => {
      listener.stop();
      webSockets?.stop();
    };
    return { listener, host: address, port, websocketPort, stop };
  } catch (error) {
    await listener.close(0);
    throw error;
  }
}

/** Where tcp_keepalives_idle says 0: the system's own is two hours. */
const DEFAULT_KEEPALIVE_S = 60;

/** Log-ins in the audit log, and in short in the server's. */
function loginLog(audit: AuditLog, logger: Logger): LoginLog {
  const entry = ({ user, database, address, port, isTls, method }: LoginAttempt) => ({
    role: shortened(user),
    database: shortened(database),
    address,
    port,
    tls: isTls,
    method,
  });
  return {
    succeeded: (attempt, pid, identity) => {
      const detail = identity === undefined || identity === attempt.user ? {} : { detail: shortened(identity) };
      audit.add({ event: 'login', ...entry(attempt), pid, ...detail });
      logger.debug({ ...attempt, pid, identity }, 'connection authorized');
    },
    failed: (attempt, code, reason) => {
      audit.add({ event: 'login failed', ...entry(attempt), code, detail: reason });
      logger.info({ ...entry(attempt), rule: attempt.ruleLine, code, reason }, 'log-in failed');
    },
  };
}

/** Names that nobody has shown to have may be as long as a packet. */
const MAX_NAME_LENGTH = 255;
const shortened = (name: string): string => name.slice(0, MAX_NAME_LENGTH);
