import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../servers/free-port.js'
import { isInstalled, type PrivateServer, startServer } from './private-server.js'

/** A reverse proxy, in front of one server. */
export interface ProxyUnderTest {
  readonly name: string
  readonly skip: boolean
  start(upstreamPort: number): Promise<PrivateServer>
}

const hasNginx = isInstalled('nginx')
const hasHaproxy = isInstalled('haproxy')

export const PROXIES: readonly ProxyUnderTest[] = [
  // Its default before 1.29.7: HTTP/1.0 to the upstream, a connection for each request, the whole body buffered first.
  { name: 'nginx with its defaults', skip: !hasNginx, start: nginx('proxy_http_version 1.0;') },
  { name: 'nginx that does not buffer requests', skip: !hasNginx, start: nginx('proxy_request_buffering off;') },
  {
    name: 'nginx with keep-alive to the upstream',
    skip: !hasNginx,
    start: nginx('proxy_http_version 1.1; proxy_set_header Connection "";', 'keepalive 8;'),
  },
  { name: 'haproxy', skip: !hasHaproxy, start: haproxy },
]

/** Started by root, its workers would be somebody who may not write to the folder. */
const OWN_USER = process.getuid?.() === 0 ? 'user root root;' : ''

function nginx(location: string, upstream = '') {
  return async (upstreamPort: number): Promise<PrivateServer> => {
    const port = await freePort()
    return startServer('nginx', port, async (folder) => {
      const config = join(folder, 'nginx.conf')
      const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (name) => `${name}_temp_path ${join(folder, name)};`,
      )
      await writeFile(
        config,
        `${OWN_USER} daemon off; worker_processes 1; pid ${join(folder, 'pid')}; error_log ${join(folder, 'error.log')};
        events { worker_connections 256; }
        http {
          access_log off; ${paths.join(' ')}
          upstream receiver { server 127.0.0.1:${upstreamPort}; ${upstream} }
          server {
            listen 127.0.0.1:${port}; client_max_body_size 10m;
            location / { proxy_pass http://receiver; ${location} }
          }
        }`,
      )
      // Messages from before it has read its configuration go to the folder, too.
      return ['-p', folder, '-e', join(folder, 'start.log'), '-c', config]
    })
  }
}

async function haproxy(upstreamPort: number): Promise<PrivateServer> {
  const port = await freePort()
  return startServer('haproxy', port, async (folder) => {
    const config = join(folder, 'haproxy.cfg')
    await writeFile(
      config,
      `defaults
         mode http
         timeout connect 5s
         timeout client 30s
         timeout server 30s
       listen receiver
         bind 127.0.0.1:${port}
         server receiver 127.0.0.1:${upstreamPort}
`,
    )
    return ['-db', '-f', config]
  })
}
