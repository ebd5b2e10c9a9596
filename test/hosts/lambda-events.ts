/** A POST as each kind of event brings it. */
export const LAMBDA_EVENTS = {
  'a function URL': (headers: Headers, body: string, isBase64Encoded: boolean) => ({
    version: '2.0',
    rawPath: '/webhooks',
    headers,
    body,
    isBase64Encoded,
    requestContext: { http: { method: 'POST', path: '/webhooks', protocol: 'HTTP/1.1' } },
  }),
  'an HTTP API': (headers: Headers, body: string, isBase64Encoded: boolean) => ({
    version: '2.0',
    routeKey: 'POST /webhooks',
    rawPath: '/webhooks',
    headers,
    body,
    isBase64Encoded,
    requestContext: { stage: '$default', http: { method: 'POST', path: '/webhooks', protocol: 'HTTP/1.1' } },
  }),
  'a REST API': (headers: Headers, body: string, isBase64Encoded: boolean) => ({
    resource: '/webhooks',
    path: '/webhooks',
    httpMethod: 'POST',
    headers,
    multiValueHeaders: listsOf(headers),
    queryStringParameters: null,
    body,
    isBase64Encoded,
    requestContext: { stage: 'prod', path: '/prod/webhooks', httpMethod: 'POST' },
  }),
  'a load balancer': (headers: Headers, body: string, isBase64Encoded: boolean) => ({
    path: '/webhooks',
    httpMethod: 'POST',
    headers,
    body,
    isBase64Encoded,
    requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:…' } },
  }),
  'a load balancer with multi-value headers': (headers: Headers, body: string, isBase64Encoded: boolean) => ({
    path: '/webhooks',
    httpMethod: 'POST',
    multiValueHeaders: listsOf(headers),
    body,
    isBase64Encoded,
    requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:…' } },
  }),
}

type Headers = Readonly<Record<string, string>>

/** Returns headers as REST APIs and load balancers list them. */
export const listsOf = (headers: Headers) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
