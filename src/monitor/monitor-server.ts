import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.js';

/** Figures are for this machine: whoever wants them elsewhere puts something in front that asks who is there. */
const LOOPBACK = '127.0.0.1';

/**
 * A port on loopback: `/metrics` in Prometheus' form, `/healthz` (the process gets on), `/readyz` (it takes connections and commits).
 */
export class MonitorServer {
  readonly #server: Server;
  readonly #metrics: Metrics;
  readonly #isReady: () => boolean;

  constructor(metrics: Metrics, isReady: () => boolean) {
    this.#metrics = metrics;
    this.#isReady = isReady;
    this.#server = createServer((request, response) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') answer(response, 405, 'only GET\n');
      else this.#answer(new URL(request.url ?? '/', `http://${LOOPBACK}`).pathname, response);
    });
  }

  /** Rejects with Node's error. @returns the port */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: LOOPBACK, port }, () => {
        this.#server.off('error', reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#metrics.close();
  }

  #answer(path: string, response: ServerResponse): void {
    switch (path) {
      case '/healthz':
        answer(response, 200, 'ok\n');
        return;
      case '/readyz':
        if (this.#isReady()) answer(response, 200, 'ready\n');
        else answer(response, 503, 'not ready\n');
        return;
      case '/metrics':
        this.#metrics.text().then(
          (text) => answer(response, 200, text, this.#metrics.contentType),
          (error: unknown) => answer(response, 500, `${String(error)}\n`),
        );
        return;
      default:
        answer(response, 404, 'metrics, healthz and readyz are here\n');
    }
  }
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type }).end(text);
}
