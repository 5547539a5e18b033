// Written from the OpenAPI document by `npm run client:generate`; a test holds it to what the server says.
export interface paths {
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The database answers, and matters are loaded */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prometheus */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A person's device signs in
         * @description Each call makes a new, empty session. An Idempotency-Key has no effect here: a token is stored nowhere, so the first answer cannot be given again, and a session that nobody uses is nothing.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Only `web` is open yet.
                         * @enum {string}
                         */
                        channel: "web" | "wechat" | "alipay";
                    };
                };
            };
            responses: {
                /** @description Made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/professions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figure 1: the professions, each with its matters */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Profession"][];
                        };
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/matters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figure 3: the matters */
        get: {
            parameters: {
                query?: {
                    /** @description Words of a title in either language, or of a code */
                    q?: string;
                };
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["MatterSummary"][];
                        };
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/matters/{matter}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figure 4: guide, notice clauses, materials, agreement texts */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    matter: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Matter"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/matters/{matter}/machine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The machine as data, as Mermaid, or drawn */
        get: {
            parameters: {
                query?: {
                    /** @description `json` when left out */
                    format?: "json" | "mermaid" | "svg";
                    /** @description A version that is loaded; the newest when left out. Of a case it is its own */
                    version?: string;
                    /** @description The version that this case is on, marked where it stands; needs the token of one who may see it */
                    case?: string;
                };
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    matter: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Machine"];
                        "image/svg+xml": string;
                        "text/plain": string;
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The newest checkpoint: size and root of the log, signed
         * @description C2SP tlog-checkpoint, a signed note. An entry is under it a second after it was made.
         */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The public keys of the log, the first one first
         * @description A line each, as C2SP signed-note writes them. Keep the first one: rotations can be followed from it through the log itself.
         */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log/tile/{*}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A tile of hashes, or a bundle of entries
         * @description C2SP tlog-tiles: `<level>/<number>[.p/<width>]`, or `entries/<number>[.p/<width>]`; numbers in groups of three digits, `x001/x234/067`.
         */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    "*": string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is asking */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Me"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Sets the nickname */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** 昵称 */
                        nickname: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Me"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The session's cases, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before */
                    cursor?: string;
                    /** @description 1 to 200, 50 when left out */
                    limit?: string;
                };
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["CaseSummary"][];
                            /** @description The cursor of the next page */
                            next: string | null;
                        };
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/avatar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The avatar */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/jpeg": string;
                        "image/png": string;
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Sets the avatar */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": {
                        /**
                         * Format: binary
                         * @description JPEG or PNG, at most 10 MB
                         */
                        file: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Me"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/matters/{matter}/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Opens a case; never resets one */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    matter: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Made */
                201: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        /** @description Where it is */
                        location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A case as it stands, or as it once was */
        get: {
            parameters: {
                query?: {
                    /** @description A seq, or an RFC 3339 time: the case as it then was, with what was then allowed */
                    asOf?: string;
                };
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/identity.submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 确定 · Confirm
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** 姓名 */
                        name: string;
                        /** 身份证号码 */
                        idNumber: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/registration.begin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 前往注册 · Register
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/identity.retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 返回重新填写 · Go back
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/sms.request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 获取验证码 · Send code
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** 手机号 */
                        mobile: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/registration.submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 注册 · Register
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * 证件类型
                         * @enum {string}
                         */
                        idType: "resident-id-card";
                        /**
                         * 身份证有效期开始时间
                         * Format: date
                         */
                        idValidFrom: string;
                        /** 身份证有效期结束时间 */
                        idValidTo: string | "long-term";
                        /** 手机号 */
                        mobile: string;
                        /** 短信验证码 */
                        smsCode: string;
                        /**
                         * 登陆密码
                         * Format: password
                         * @description 请输入8-16位字符,必须由数字、字母组成
                         */
                        password: string;
                        /**
                         * 确认密码
                         * Format: password
                         */
                        passwordConfirmation: string;
                        /**
                         * 我已阅读并同意《住房和城乡建设部政务服务平台用户服务协议》和《住房和城乡建设部政务服务平台用户隐私政策》
                         * @enum {boolean}
                         */
                        agreementsAccepted: true;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/face.begin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 下一步 · Next
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * 您知悉并同意服务提供者授权腾讯按照《个人信息处理规则》实施个人信息处理并用于身份核验
                         * @enum {boolean}
                         */
                        consent: true;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/face.finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 完成人脸识别 · Face check done
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** 人脸核验令牌 */
                        token: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/case.retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 重试 · Try again
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/notice.acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 确认条款 · Acknowledge a clause
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * 条款
                         * @enum {string}
                         */
                        clause: "c1" | "c2" | "c3" | "c4" | "c5" | "c6";
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/notice.declare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 本人已认真阅读以上条款,不存在以上情形 · I have read the clauses; none of them applies
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/notice.proceed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 下一步 · Next
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * 注销方式
                         * @enum {string}
                         */
                        kind: "normal" | "forced";
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/form.save": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 保存 · Save draft
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * 民族
                         * @enum {string}
                         */
                        ethnicity?: "汉族" | "蒙古族" | "回族" | "藏族" | "维吾尔族" | "苗族" | "彝族" | "壮族" | "布依族" | "朝鲜族" | "满族" | "侗族" | "瑶族" | "白族" | "土家族" | "哈尼族" | "哈萨克族" | "傣族" | "黎族" | "傈僳族" | "佤族" | "畲族" | "高山族" | "拉祜族" | "水族" | "东乡族" | "纳西族" | "景颇族" | "柯尔克孜族" | "土族" | "达斡尔族" | "仫佬族" | "羌族" | "布朗族" | "撒拉族" | "毛南族" | "仡佬族" | "锡伯族" | "阿昌族" | "普米族" | "塔吉克族" | "怒族" | "乌孜别克族" | "俄罗斯族" | "鄂温克族" | "德昂族" | "保安族" | "裕固族" | "京族" | "塔塔尔族" | "独龙族" | "鄂伦春族" | "赫哲族" | "门巴族" | "珞巴族" | "基诺族";
                        /**
                         * 申请注册专业2
                         * @enum {string}
                         */
                        specialty2?: "房屋建筑工程" | "冶炼工程" | "矿山工程" | "化工石油工程" | "水利水电工程" | "电力工程" | "农林工程" | "铁路工程" | "公路工程" | "港口与航道工程" | "航天航空工程" | "通信工程" | "市政公用工程" | "机电安装工程";
                        /**
                         * 注销原因
                         * @enum {string}
                         */
                        reason?: "employer-bankrupt" | "employer-licence-revoked" | "employer-qualification-revoked" | "employment-ended" | "expired-not-renewed" | "over-65" | "incapacity-or-death" | "other" | "voluntary";
                        forcedReason?: unknown;
                    } | {
                        /**
                         * 民族
                         * @enum {string}
                         */
                        ethnicity?: "汉族" | "蒙古族" | "回族" | "藏族" | "维吾尔族" | "苗族" | "彝族" | "壮族" | "布依族" | "朝鲜族" | "满族" | "侗族" | "瑶族" | "白族" | "土家族" | "哈尼族" | "哈萨克族" | "傣族" | "黎族" | "傈僳族" | "佤族" | "畲族" | "高山族" | "拉祜族" | "水族" | "东乡族" | "纳西族" | "景颇族" | "柯尔克孜族" | "土族" | "达斡尔族" | "仫佬族" | "羌族" | "布朗族" | "撒拉族" | "毛南族" | "仡佬族" | "锡伯族" | "阿昌族" | "普米族" | "塔吉克族" | "怒族" | "乌孜别克族" | "俄罗斯族" | "鄂温克族" | "德昂族" | "保安族" | "裕固族" | "京族" | "塔塔尔族" | "独龙族" | "鄂伦春族" | "赫哲族" | "门巴族" | "珞巴族" | "基诺族";
                        /**
                         * 申请注册专业2
                         * @enum {string}
                         */
                        specialty2?: "房屋建筑工程" | "冶炼工程" | "矿山工程" | "化工石油工程" | "水利水电工程" | "电力工程" | "农林工程" | "铁路工程" | "公路工程" | "港口与航道工程" | "航天航空工程" | "通信工程" | "市政公用工程" | "机电安装工程";
                        /**
                         * 强制注销原因
                         * @enum {string}
                         */
                        forcedReason?: "arbitration" | "court-judgment" | "death";
                        reason?: unknown;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/form.back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 上一步 · Back
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/pledge.accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 查看承诺书 · Read and accept the commitment letter
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/material.remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 删除材料 · Remove a document
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        attachment: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/form.submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 下一步 · Submit
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * 民族
                         * @enum {string}
                         */
                        ethnicity: "汉族" | "蒙古族" | "回族" | "藏族" | "维吾尔族" | "苗族" | "彝族" | "壮族" | "布依族" | "朝鲜族" | "满族" | "侗族" | "瑶族" | "白族" | "土家族" | "哈尼族" | "哈萨克族" | "傣族" | "黎族" | "傈僳族" | "佤族" | "畲族" | "高山族" | "拉祜族" | "水族" | "东乡族" | "纳西族" | "景颇族" | "柯尔克孜族" | "土族" | "达斡尔族" | "仫佬族" | "羌族" | "布朗族" | "撒拉族" | "毛南族" | "仡佬族" | "锡伯族" | "阿昌族" | "普米族" | "塔吉克族" | "怒族" | "乌孜别克族" | "俄罗斯族" | "鄂温克族" | "德昂族" | "保安族" | "裕固族" | "京族" | "塔塔尔族" | "独龙族" | "鄂伦春族" | "赫哲族" | "门巴族" | "珞巴族" | "基诺族";
                        /**
                         * 申请注册专业2
                         * @enum {string}
                         */
                        specialty2: "房屋建筑工程" | "冶炼工程" | "矿山工程" | "化工石油工程" | "水利水电工程" | "电力工程" | "农林工程" | "铁路工程" | "公路工程" | "港口与航道工程" | "航天航空工程" | "通信工程" | "市政公用工程" | "机电安装工程";
                        /**
                         * 注销原因
                         * @enum {string}
                         */
                        reason: "employer-bankrupt" | "employer-licence-revoked" | "employer-qualification-revoked" | "employment-ended" | "expired-not-renewed" | "over-65" | "incapacity-or-death" | "other" | "voluntary";
                        forcedReason?: unknown;
                    } | {
                        /**
                         * 民族
                         * @enum {string}
                         */
                        ethnicity: "汉族" | "蒙古族" | "回族" | "藏族" | "维吾尔族" | "苗族" | "彝族" | "壮族" | "布依族" | "朝鲜族" | "满族" | "侗族" | "瑶族" | "白族" | "土家族" | "哈尼族" | "哈萨克族" | "傣族" | "黎族" | "傈僳族" | "佤族" | "畲族" | "高山族" | "拉祜族" | "水族" | "东乡族" | "纳西族" | "景颇族" | "柯尔克孜族" | "土族" | "达斡尔族" | "仫佬族" | "羌族" | "布朗族" | "撒拉族" | "毛南族" | "仡佬族" | "锡伯族" | "阿昌族" | "普米族" | "塔吉克族" | "怒族" | "乌孜别克族" | "俄罗斯族" | "鄂温克族" | "德昂族" | "保安族" | "裕固族" | "京族" | "塔塔尔族" | "独龙族" | "鄂伦春族" | "赫哲族" | "门巴族" | "珞巴族" | "基诺族";
                        /**
                         * 申请注册专业2
                         * @enum {string}
                         */
                        specialty2?: "房屋建筑工程" | "冶炼工程" | "矿山工程" | "化工石油工程" | "水利水电工程" | "电力工程" | "农林工程" | "铁路工程" | "公路工程" | "港口与航道工程" | "航天航空工程" | "通信工程" | "市政公用工程" | "机电安装工程";
                        /**
                         * 注销原因
                         * @enum {string}
                         */
                        reason: "employer-bankrupt" | "employer-licence-revoked" | "employer-qualification-revoked" | "employment-ended" | "expired-not-renewed" | "over-65" | "incapacity-or-death" | "other" | "voluntary";
                        forcedReason?: unknown;
                    } | {
                        /**
                         * 民族
                         * @enum {string}
                         */
                        ethnicity: "汉族" | "蒙古族" | "回族" | "藏族" | "维吾尔族" | "苗族" | "彝族" | "壮族" | "布依族" | "朝鲜族" | "满族" | "侗族" | "瑶族" | "白族" | "土家族" | "哈尼族" | "哈萨克族" | "傣族" | "黎族" | "傈僳族" | "佤族" | "畲族" | "高山族" | "拉祜族" | "水族" | "东乡族" | "纳西族" | "景颇族" | "柯尔克孜族" | "土族" | "达斡尔族" | "仫佬族" | "羌族" | "布朗族" | "撒拉族" | "毛南族" | "仡佬族" | "锡伯族" | "阿昌族" | "普米族" | "塔吉克族" | "怒族" | "乌孜别克族" | "俄罗斯族" | "鄂温克族" | "德昂族" | "保安族" | "裕固族" | "京族" | "塔塔尔族" | "独龙族" | "鄂伦春族" | "赫哲族" | "门巴族" | "珞巴族" | "基诺族";
                        /**
                         * 申请注册专业2
                         * @enum {string}
                         */
                        specialty2: "房屋建筑工程" | "冶炼工程" | "矿山工程" | "化工石油工程" | "水利水电工程" | "电力工程" | "农林工程" | "铁路工程" | "公路工程" | "港口与航道工程" | "航天航空工程" | "通信工程" | "市政公用工程" | "机电安装工程";
                        /**
                         * 强制注销原因
                         * @enum {string}
                         */
                        forcedReason: "arbitration" | "court-judgment" | "death";
                        reason?: unknown;
                    } | {
                        /**
                         * 民族
                         * @enum {string}
                         */
                        ethnicity: "汉族" | "蒙古族" | "回族" | "藏族" | "维吾尔族" | "苗族" | "彝族" | "壮族" | "布依族" | "朝鲜族" | "满族" | "侗族" | "瑶族" | "白族" | "土家族" | "哈尼族" | "哈萨克族" | "傣族" | "黎族" | "傈僳族" | "佤族" | "畲族" | "高山族" | "拉祜族" | "水族" | "东乡族" | "纳西族" | "景颇族" | "柯尔克孜族" | "土族" | "达斡尔族" | "仫佬族" | "羌族" | "布朗族" | "撒拉族" | "毛南族" | "仡佬族" | "锡伯族" | "阿昌族" | "普米族" | "塔吉克族" | "怒族" | "乌孜别克族" | "俄罗斯族" | "鄂温克族" | "德昂族" | "保安族" | "裕固族" | "京族" | "塔塔尔族" | "独龙族" | "鄂伦春族" | "赫哲族" | "门巴族" | "珞巴族" | "基诺族";
                        /**
                         * 申请注册专业2
                         * @enum {string}
                         */
                        specialty2?: "房屋建筑工程" | "冶炼工程" | "矿山工程" | "化工石油工程" | "水利水电工程" | "电力工程" | "农林工程" | "铁路工程" | "公路工程" | "港口与航道工程" | "航天航空工程" | "通信工程" | "市政公用工程" | "机电安装工程";
                        /**
                         * 强制注销原因
                         * @enum {string}
                         */
                        forcedReason: "arbitration" | "court-judgment" | "death";
                        reason?: unknown;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/events/case.withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 撤回申请 · Withdraw
         * @description May be sent by: applicant.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description Work is still under way: follow the stream */
                202: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Case"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/attachments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Adds a file: the event `material.add`
         * @description Whether a file can be added now is said before it is read.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": {
                        /** @description Which of the materials asked for it is */
                        material: string;
                        /**
                         * Format: binary
                         * @description JPEG or PNG, at most 10 MB
                         */
                        file: string;
                    };
                };
            };
            responses: {
                /** @description Made */
                201: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        /** @description Where it is */
                        location?: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Attachment"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/attachments/{attachment}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The file itself, for its owner and staff */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                    attachment: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/jpeg": string;
                        "image/png": string;
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Takes a file out again: the event `material.remove` */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key and body gives the first answer again, for as long as the case lives. */
                    "idempotency-key"?: string;
                    /** @description `"<seq>"`: refused with 412 if the case has moved on. */
                    "if-match"?: string;
                    /** @description `wait=N`: answer after N seconds at the latest (10). */
                    prefer?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                    attachment: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Taken out */
                204: {
                    headers: {
                        /** @description The seq of the case, quoted */
                        etag?: string;
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follows a case: one event `case` after each entry
         * @description Begins with the case as it stands, or after `Last-Event-ID`. Ends when the case is done; asking again then gives 204.
         */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The seq read last: the stream goes on after it, without a gap */
                    "last-event-id"?: string;
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description The case is done and all of it was read */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cases/{id}/receipts/{seq}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The receipt of an entry, for the owner and staff
         * @description A `.tlog-proof` (C2SP tlog-proof): the entry’s bytes in its `extra` line, the path from its leaf, and a signed checkpoint. `banjian receipt verify` checks it offline.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Which chain of the case `seq` counts; accepted when left out */
                    kind?: "accepted" | "refused";
                };
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                    seq: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Finds cases, newest first */
        get: {
            parameters: {
                query?: {
                    matter?: string;
                    /** @description A leaf, dotted, or the beginning of one */
                    state?: string;
                    /** @description Inclusive */
                    openedFrom?: string;
                    /** @description Exclusive */
                    openedTo?: string;
                    /** @description `next` of the page before */
                    cursor?: string;
                    /** @description 1 to 200, 50 when left out */
                    limit?: string;
                };
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["CaseSummary"][];
                            /** @description The cursor of the next page */
                            next: string | null;
                        };
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/cases/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every entry, with refusals among them if asked for */
        get: {
            parameters: {
                query?: {
                    refusals?: "true" | "false";
                };
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["HistoryEntry"][];
                        };
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/cases/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The history run again through the machine of its time
         * @description Written as it is run. With `Accept: application/x-ndjson` each item is a line of its own, and `holds` the last.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The last seq to run; all when left out */
                    to?: string;
                    /** @description Refusals among the entries */
                    refusals?: "true" | "false";
                    /** @description What each entry changed in the context */
                    diff?: "true" | "false";
                };
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: (components["schemas"]["ReplayedEntry"] | components["schemas"]["RefusedEntry"] | components["schemas"]["BrokenHistory"])[];
                            holds: boolean;
                        };
                        "application/x-ndjson": string;
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/cases/{id}/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Chains, replay, current row, open work and vault compared */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Verification"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/questions/skips": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who tried to skip a step */
        get: {
            parameters: {
                query?: {
                    case?: string;
                    /** @description Pseudonym, or the id of staff */
                    person?: string;
                    /** @description `xstate.*` are forged results; `unknown` are invented names */
                    event?: string;
                    /** @description Inclusive */
                    from?: string;
                    /** @description Exclusive */
                    to?: string;
                    /** @description `next` of the page before */
                    cursor?: string;
                    /** @description 1 to 200, 50 when left out */
                    limit?: string;
                };
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["FoundEntry"][];
                            /** @description The cursor of the next page */
                            next: string | null;
                        };
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/questions/waiting": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Cases in a state for longer than */
        get: {
            parameters: {
                query: {
                    /** @description Dotted, a leaf or not: `faceVerification`, `form.normal` */
                    state: string;
                    /** @description ISO 8601: `P3D`, `PT36H`, `PT10M` */
                    longerThan: string;
                    matter?: string;
                    /** @description `next` of the page before */
                    cursor?: string;
                    /** @description 1 to 200, 50 when left out */
                    limit?: string;
                };
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["FoundWaiting"][];
                            /** @description The cursor of the next page */
                            next: string | null;
                        };
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/questions/passes-after-failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Failed so often, and then passed */
        get: {
            parameters: {
                query: {
                    /** @description As matters name them: `sms`, `face` */
                    trial: string;
                    /** @description At least so many, 1 when left out */
                    failures?: string;
                    /** @description `next` of the page before */
                    cursor?: string;
                    /** @description 1 to 200, 50 when left out */
                    limit?: string;
                };
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["FoundPass"][];
                            /** @description The cursor of the next page */
                            next: string | null;
                        };
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/questions/cases-of-person": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All cases of a person */
        get: {
            parameters: {
                query: {
                    /** @description Pseudonym */
                    person: string;
                    /** @description `next` of the page before */
                    cursor?: string;
                    /** @description 1 to 200, 50 when left out */
                    limit?: string;
                };
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["FoundCase"][];
                            /** @description The cursor of the next page */
                            next: string | null;
                        };
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/questions/acts-of-staff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything a member of staff did */
        get: {
            parameters: {
                query: {
                    /** @description The id that stands in entries */
                    staff: string;
                    /** @description Inclusive */
                    from?: string;
                    /** @description Exclusive */
                    to?: string;
                    /** @description `next` of the page before */
                    cursor?: string;
                    /** @description 1 to 200, 50 when left out */
                    limit?: string;
                };
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["FoundEntry"][];
                            /** @description The cursor of the next page */
                            next: string | null;
                        };
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/questions/entries-of-version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Entries under a machine version */
        get: {
            parameters: {
                query: {
                    matter: string;
                    version: string;
                    /** @description `next` of the page before */
                    cursor?: string;
                    /** @description 1 to 200, 50 when left out */
                    limit?: string;
                };
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["FoundEntry"][];
                            /** @description The cursor of the next page */
                            next: string | null;
                        };
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/questions/refusals-by-hour": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Refusals by code and hour */
        get: {
            parameters: {
                query?: {
                    /** @description Inclusive */
                    from?: string;
                    /** @description Exclusive */
                    to?: string;
                    /** @description `next` of the page before */
                    cursor?: string;
                    /** @description 1 to 200, 50 when left out */
                    limit?: string;
                };
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["RefusalCount"][];
                            /** @description The cursor of the next page */
                            next: string | null;
                        };
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The log for other tools: JSON Lines, OCEL 2.0 or XES
         * @description Streamed. An answer that is cut off was not finished: its last chunk is missing.
         */
        get: {
            parameters: {
                query: {
                    format: "jsonl" | "ocel" | "xes";
                    matter?: string;
                    /** @description Inclusive */
                    from?: string;
                    /** @description Exclusive */
                    to?: string;
                    /** @description Refused events as events too; jsonl has them always */
                    refusals?: "true" | "false";
                    /** @description Who read a case, as events too; jsonl has them always */
                    reads?: "true" | "false";
                };
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/jsonl": string;
                        "application/json": unknown;
                        "application/xml": string;
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/cases/{id}/reads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who has read the case, when, and what for; this read among them */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Whether the chain of reads is whole, and ends where the case says */
                            holds: boolean;
                            items: components["schemas"]["HistoryEntry"][];
                        };
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/cases/{id}/moments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The case after each entry: its states, the way there, and what was allowed then
         * @description The history run again, 500 moments to a page.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The first seq to tell; 1 when left out */
                    from?: string;
                };
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaseMoments"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Cases opened and submitted day by day, where they stand and for how long, what fails and waits */
        get: {
            parameters: {
                query?: {
                    /** @description So many days up to now, 1 to 366; 30 when left out */
                    days?: string;
                };
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Overview"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/cases/{id}/personal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The personal values of a case that can be disclosed, masked */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Why staff or an auditor reads: handling · inspection · complaint · review · litigation · statistics · archiving · unspecified; a number of their own files may follow, as in `inspection; ref=FJ-2026-17`. It is recorded with the read. */
                    purpose?: string;
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PersonalValues"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/cases/{id}/disclosures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shows one personal value, after recording who saw it and why
         * @description Each is recorded anew in the case’s chain of reads, with the name of the field and the reason, never the value; what cannot be recorded is not shown.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        field: string;
                        /** @description As in the header Purpose: handling · inspection · complaint · review · litigation · statistics · archiving, with `; ref=FJ-2026-17` behind it or not */
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Disclosure"];
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/simulator/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sample people, all invented */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            people: {
                                /**
                                 * @description This person does not exist.
                                 * @enum {boolean}
                                 */
                                invented: true;
                                name: string;
                                idNumber: string;
                                mobile: string;
                                /** @description Has an account on the platform now. */
                                registered: boolean;
                                /**
                                 * @description How the engineers' register has them.
                                 * @enum {string}
                                 */
                                register: "valid" | "deregistered" | "none";
                                employerName: string;
                                specialties: string[];
                                /**
                                 * @description GB/T 2261.1
                                 * @enum {string}
                                 */
                                sex: "1" | "2";
                                /** Format: date */
                                birthDate: string;
                            }[];
                        };
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/simulator/sms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The messages a phone has "received", newest first */
        get: {
            parameters: {
                query: {
                    mobile: string;
                };
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            messages: {
                                mobile: string;
                                text: string;
                                /** Format: date-time */
                                at: string;
                            }[];
                        };
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/simulator/faces/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The simulated face check: a page with four buttons */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * What the person did before the camera; answers with what now stands
         * @description A pass or a mismatch is final for its token. An expired token is answered as an unknown one.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path: {
                    token: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        outcome: "pass" | "mismatch" | "unfinished" | "down";
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            outcome: "pass" | "mismatch" | "unfinished" | "down";
                        };
                    };
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/simulator/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Breaks or slows a provider for a while, in place of what was set before */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description zh-CN when left out, or en */
                    "accept-language"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        provider: "people" | "sms" | "faces" | "register";
                        /** @description Calls that will fail, from the next one; 0 when left out. */
                        failNext?: number;
                        /** @description Each call waits so long, until set again; 0 when left out. */
                        delayMs?: number;
                    };
                };
            };
            responses: {
                /** @description Set. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description `malformed` */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Case: {
            id: string;
            matter: string;
            machineVersion: string;
            /** @description Number of the last entry of the history, from 1 */
            seq: number;
            /** @description Digest of the entry `seq`: what was acknowledged, to be compared with the history at any time */
            head: string;
            /** @enum {string} */
            status: "active" | "done";
            /** @description XState state value */
            value: string | {
                [key: string]: unknown;
            };
            /** @description Active leaves, dotted, in document order */
            states: string[];
            step: {
                current: number;
                of: number;
                title: string;
            } | null;
            message: string | null;
            /** @description What this state shows; personal values are masked */
            data: {
                [key: string]: unknown;
            };
            /** @description What this caller may send now, each with the JSON Schema of its body */
            allowed: {
                event: string;
                title: string;
                href: string;
                form: {
                    [key: string]: unknown;
                };
            }[];
            deadlines: {
                event: string;
                /** @description RFC 3339 UTC with milliseconds */
                dueAt: string;
                provisional?: boolean;
            }[];
            /** @description RFC 3339 UTC with milliseconds */
            openedAt: string;
            /** @description RFC 3339 UTC with milliseconds */
            updatedAt: string;
        };
        CaseSummary: {
            id: string;
            matter: string;
            machineVersion: string;
            /** @description Number of the last entry of the history, from 1 */
            seq: number;
            /** @enum {string} */
            status: "active" | "done";
            states: string[];
            href: string;
            /** @description RFC 3339 UTC with milliseconds */
            openedAt: string;
            /** @description RFC 3339 UTC with milliseconds */
            updatedAt: string;
        };
        Attachment: {
            id: string;
            material: string;
            /** @description As the person named it */
            name: string;
            size: number;
            mediaType: string;
            width: number;
            height: number;
            digest: string;
            href: string;
        };
        Session: {
            /** @description Bearer token. It is given once and kept nowhere. */
            token: string;
            /** @description RFC 3339 UTC with milliseconds */
            expiresAt: string;
        };
        Me: {
            /** @description Pseudonym, as it stands in histories */
            id: string;
            role: string;
            nickname: string | null;
            avatar: {
                href: string;
            } | null;
            profileComplete: boolean;
        };
        MatterSummary: {
            id: string;
            profession: string;
            kind: string;
            title: string;
            itemCode: string | null;
            /** @description Whether it can be applied for here */
            offered: boolean;
            href: string | null;
        };
        Profession: {
            id: string;
            title: string;
            offered: boolean;
            message: string | null;
            matters: components["schemas"]["MatterSummary"][];
        };
        Matter: {
            id: string;
            version: string;
            profession: string;
            kind: string;
            title: string;
            itemCode: string;
            guide: unknown;
            clauses: {
                id: string;
                text: string;
            }[];
            /** @description Texts that stand around the clauses */
            notice: {
                [key: string]: string;
            };
            /** @description Labels of the values that forms offer */
            choices: {
                [key: string]: {
                    id: string;
                    label: string;
                }[];
            };
            materials: unknown;
            agreements: {
                id: string;
                version: string;
                title: string;
                text: string;
            }[];
            /** @description Address of the machine as data; ?format=mermaid and ?format=svg draw it */
            machine: string;
            /** @description Address to open a case at */
            cases: string;
        };
        Machine: {
            id: string;
            version: string;
            /** @description Digest of the structure, as entries carry it */
            definition: string;
            type: string;
            initial?: string;
            /** @description Where the case asked for stands */
            active: string[];
            /** @description States, in document order */
            nodes: unknown[];
            transitions: unknown[];
        };
        HistoryEntry: {
            digest: string;
            /** @description The entry, read */
            entry: {
                [key: string]: unknown;
            };
            /** @description The stored bytes: what the digest is of */
            bytes: string;
        };
        ReplayedEntry: {
            seq: number;
            type: string;
            /** @description RFC 3339 UTC with milliseconds */
            at: string;
            actor: {
                role: string;
                id: string;
            };
            states: string[];
            status: string;
            /** @description State digest the entry recorded */
            recorded: string;
            /** @description State digest replay arrived at */
            digest: string;
            holds: boolean;
            title: string;
            /** @description Version of the machine after it */
            machineVersion: string;
            /** @description Active leaves before it */
            from: string[];
            facts: {
                [key: string]: unknown;
            };
            deadlines: {
                set: {
                    event: string;
                    /** @description RFC 3339 UTC with milliseconds */
                    dueAt: string;
                }[];
                fired: {
                    event: string;
                    /** @description RFC 3339 UTC with milliseconds */
                    dueAt: string;
                }[];
                ended: {
                    event: string;
                    /** @description RFC 3339 UTC with milliseconds */
                    dueAt: string;
                }[];
            };
            /** @description Effects and actions it asked for */
            started: string[];
            /** @description What it changed in the context, with `diff=true` */
            changes?: {
                pointer: string;
                before: unknown;
                after: unknown;
            }[];
        };
        RefusedEntry: {
            /** @constant */
            kind: "refused";
            /** @description Counted by itself */
            seq: number;
            type: string;
            title: string;
            /** @description RFC 3339 UTC with milliseconds */
            at: string;
            actor: {
                role: string;
                id: string;
            };
            /** @description The code it was refused with, and the fields that were wrong */
            facts: {
                [key: string]: unknown;
            };
        };
        /** @description Where a history cannot be run any further */
        BrokenHistory: {
            /** @constant */
            kind: "broken";
            seq: number;
            why: string;
        };
        CaseMoment: {
            seq: number;
            type: string;
            /** @description RFC 3339 UTC with milliseconds */
            at: string;
            /** @description Of the chart that `ways` counts in */
            machineVersion: string;
            /** @description Active leaves after it, dotted, in document order */
            states: string[];
            /** @enum {string} */
            status: "active" | "done";
            /** @description What the machine knew after it: facts, nothing personal */
            context: {
                [key: string]: unknown;
            };
            /** @description The transitions it took, as indexes into `transitions` of the machine as data */
            ways: number[];
            /** @description What could be sent then, guards asked, and by whom */
            allowed: {
                event: string;
                title: string;
                roles: string[];
            }[];
            deadlines: {
                event: string;
                /** @description RFC 3339 UTC with milliseconds */
                dueAt: string;
            }[];
            /** @description Effects that were under way */
            work: string[];
            /** @description State digest the entry recorded */
            recorded: string;
            /** @description State digest replay arrived at */
            digest: string;
            holds: boolean;
        };
        CaseMoments: {
            matter: string;
            /** @description What the events of the matter are called */
            events: {
                event: string;
                title: string;
            }[];
            items: components["schemas"]["CaseMoment"][];
            /** @description `from` of the page after this one */
            next: number | null;
        };
        Overview: {
            /** @description RFC 3339 UTC with milliseconds */
            at: string;
            /** @description RFC 3339 UTC with milliseconds */
            from: string;
            /** @description RFC 3339 UTC with milliseconds */
            to: string;
            /** @description Cases by the day on which they were opened */
            opened: {
                /** @description In China, `2026-11-23` */
                day: string;
                cases: number;
            }[];
            /** @description Cases by what they are at now and the day on which they came to it */
            reached: {
                /** @description In China, `2026-11-23` */
                day: string;
                cases: number;
                /** @enum {string} */
                stage: "under-way" | "submitted" | "ended";
            }[];
            /** @description Where cases stand now, the most first */
            standing: {
                matter: string;
                states: string[];
                /** @enum {string} */
                stage: "under-way" | "submitted" | "ended";
                cases: number;
                /** @description Of the case that stands there longest */
                since: string;
                /** @description For how long they have stood there: up to an hour, a day, a week, or longer */
                ages: {
                    hour: number;
                    day: number;
                    week: number;
                    older: number;
                };
            }[];
            /** @description Effects that gave up, after all their tries */
            failures: {
                day: string;
                effect: string;
                code: string;
                times: number;
            }[];
            /** @description Work that is wanted now, by name */
            work: {
                name: string;
                /** @enum {string} */
                kind: "effect" | "action";
                tasks: number;
                /** @description Those that have failed at least once and are tried again */
                retried: number;
                /** @description The most that one of them has had */
                attempts: number;
                /** @description Since when the oldest of them is wanted */
                since: string;
            }[];
            /** @description The work that has been wanted longest, twenty at most */
            oldest: {
                case: string;
                name: string;
                /** @enum {string} */
                kind: "effect" | "action";
                attempts: number;
                /** @description RFC 3339 UTC with milliseconds */
                since: string;
            }[];
        };
        PersonalValues: {
            items: {
                field: string;
                title: string;
                masked: string;
                /** @description The entry it came with */
                seq: number;
            }[];
        };
        Disclosure: {
            field: string;
            title: string;
            value: string;
            /** @description The entry, in the case’s chain of reads, that says so */
            read: {
                seq: number;
                digest: string;
            };
        };
        Verification: {
            holds: boolean;
            entries: number;
            refusals: number;
            reads: number;
            checks: {
                chain: boolean;
                refusalChain: boolean;
                readChain: boolean;
                replay: boolean;
                currentRow: boolean;
                tasks: boolean;
                vault: boolean;
            };
            firstBreak: {
                check: string;
                seq: number;
                what: string;
                expected: string;
                found: string;
            } | null;
        };
        /** @description RFC 9457; further members as the code brings them */
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @description Stable, for programs */
            code: string;
            errors?: ({
                /** @description RFC 6901, into the body sent */
                pointer: string;
                code: string;
                message: string;
            } & {
                [key: string]: unknown;
            })[];
        } & {
            [key: string]: unknown;
        };
        Health: {
            /** @constant */
            status: "ok";
        };
        FoundEntry: {
            /** @description Its leaf in the log, from 0 */
            index: number;
            digest: string;
            /** @description Null in the service’s own chain */
            case: string | null;
            /** @enum {string} */
            kind: "accepted" | "refused" | "read" | "service";
            /** @description Its number in its chain, from 1 */
            seq: number;
            /** @description RFC 3339 UTC with milliseconds */
            at: string;
            type: string;
            actor: {
                role: string;
                id: string;
            };
            machineVersion: string | null;
            /** @description Of a refusal */
            code: string | null;
            /** @description The history it stands in */
            href: string | null;
        };
        FoundCase: {
            case: string;
            matter: string;
            machineVersion: string;
            /** @description Pseudonym */
            person: string;
            seq: number;
            /** @enum {string} */
            status: "active" | "done";
            /** @description Active leaves, dotted */
            states: string[];
            /** @description RFC 3339 UTC with milliseconds */
            openedAt: string;
            /** @description RFC 3339 UTC with milliseconds */
            updatedAt: string;
            href: string;
        };
        FoundWaiting: {
            case: string;
            matter: string;
            machineVersion: string;
            /** @description Pseudonym */
            person: string;
            seq: number;
            /** @enum {string} */
            status: "active" | "done";
            /** @description Active leaves, dotted */
            states: string[];
            /** @description RFC 3339 UTC with milliseconds */
            openedAt: string;
            /** @description RFC 3339 UTC with milliseconds */
            updatedAt: string;
            href: string;
            /** @description Since when it is in the state asked for */
            since: string;
        };
        RefusalCount: {
            /** @description Its first moment */
            hour: string;
            code: string;
            count: number;
        };
        FoundPass: {
            /** @description Its leaf in the log, from 0 */
            index: number;
            digest: string;
            /** @description Null in the service’s own chain */
            case: string | null;
            /** @enum {string} */
            kind: "accepted" | "refused" | "read" | "service";
            /** @description Its number in its chain, from 1 */
            seq: number;
            /** @description RFC 3339 UTC with milliseconds */
            at: string;
            type: string;
            actor: {
                role: string;
                id: string;
            };
            machineVersion: string | null;
            /** @description Of a refusal */
            code: string | null;
            /** @description The history it stands in */
            href: string | null;
            trial: string;
            /** @description How often it was failed before this pass */
            failures: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
