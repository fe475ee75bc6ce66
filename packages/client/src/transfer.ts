/** Carries one request: by `fetch`, or in browsers by `XMLHttpRequest` where the progress of an upload is asked for. */
import { type RawReply, toNetworkFailure } from './errors.ts'

/** A request as it goes out. */
export type RawRequest = Readonly<{
  method: string
  url: string
  headers: Readonly<Record<string, string>>
  body: string | FormData | undefined
  signal: AbortSignal
  /** Told how much of the body is sent, from 0 to 1. */
  onProgress?: ((fraction: number) => void) | undefined
  /** Whether it goes on when the page is left. */
  keepalive?: boolean | undefined
}>

/** As much of `fetch` as is needed. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** @throws ConfabError network, timeout; AbortError where the caller's signal was aborted */
export async function transfer(request: RawRequest, fetcher: Fetch): Promise<RawReply> {
  try {
    if (request.onProgress && typeof XMLHttpRequest === 'function') return await transferByXhr(request)
    return await transferByFetch(request, fetcher)
  } catch (error) {
    throw toNetworkFailure(error)
  }
}

async function transferByFetch(request: RawRequest, fetcher: Fetch): Promise<RawReply> {
  const { method, url, headers, body, signal, onProgress, keepalive = false } = request
  const response = await fetcher(url, { method, headers, signal, keepalive, ...(body === undefined ? {} : { body }) })
  const text = await response.text()
  onProgress?.(1)
  return { status: response.status, header: (name) => response.headers.get(name), text }
}

function transferByXhr({ method, url, headers, body, signal, onProgress }: RawRequest): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    const abort = () => {
      xhr.abort()
      reject(signal.reason)
    }
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort)
    xhr.open(method, url)
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
    xhr.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 0)
    xhr.onloadend = () => signal.removeEventListener('abort', abort)
    xhr.onload = () => {
      onProgress?.(1)
      resolve({ status: xhr.status, header: (name) => xhr.getResponseHeader(name), text: xhr.responseText })
    }
    xhr.onerror = () => reject(new TypeError('the request failed'))
    xhr.send(body ?? null)
  })
}
