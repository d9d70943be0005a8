// An application as Hono and others export it, for servers that take a handler.

export const fetch = (request) => new Response(request.url)

export default { fetch }
