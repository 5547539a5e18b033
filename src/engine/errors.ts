import type {
  FieldError,
  Json,
  JsonObject,
  Language,
  ProblemCatalogue,
  ProblemKind,
  ProblemSpec,
  Text,
} from './types.ts';

/** A deliberate refusal on its way to the caller. Everything else that is thrown is a fault of ours: 500. */
export class Problem extends Error {
  override name = 'Problem';
  readonly spec: ProblemSpec;
  /** Further members of the answer: the state, what is allowed, the case. */
  readonly members: JsonObject;
  /** Words of the matter it is about, for codes that are not general. */
  words: ProblemCatalogue = {};

  constructor(spec: ProblemSpec, members: JsonObject = {}) {
    super(spec.code);
    this.spec = spec;
    this.members = members;
  }
}

/** What the engine and the HTTP layer themselves refuse, and the words for a field that is wrong in a general way. */
export const generalProblems: ProblemCatalogue = {
  unauthenticated: kind(401, '请先登录', 'Sign in first: send a valid bearer token.'),
  forbidden: kind(403, '无权进行此操作', 'You are not permitted to do this.'),
  'profile-required': kind(
    403,
    '请先设置头像和昵称',
    'Set an avatar and a nickname first (PUT /v1/me/avatar, PUT /v1/me/profile).',
  ),
  'not-found': kind(404, '未找到', 'Nothing was found here.'),
  'case-not-found': kind(404, '未找到该申请', 'This application was not found.'),
  'person-erased': kind(
    410,
    '当事人的个人信息已被删除,不再提供',
    'The person this belongs to was erased: it is gone for good.',
  ),
  'purpose-invalid': kind(
    422,
    '请求头 Purpose 填写有误,格式为“用途代码”或“用途代码; ref=编号”,可用代码见接口文档',
    'The request header Purpose is wrong: send a code of the documented list, or `code; ref=NUMBER` like `inspection; ref=FJ-2026-17`.',
  ),
  'matter-not-found': kind(404, '未找到该事项', 'This service item was not found.'),
  'matter-not-offered': kind(404, '该事项暂未在此开通', 'This service item is not yet offered here.'),
  malformed: kind(400, '请求格式不正确', 'The request could not be read.'),
  'payload-too-large': kind(413, '请求内容过大', 'The request is too large.'),
  'unsupported-media-type': kind(415, '不支持的内容类型', 'This content type is not supported here.'),
  'form-invalid': kind(422, '表单填写有误,请检查标出的各项', 'The form has errors: check the fields named.'),
  'event-not-allowed': kind(409, '当前状态不允许此操作', 'This is not allowed in the current state.'),
  'version-conflict': kind(
    412,
    '数据已被其他设备更新,请刷新后重试',
    'The case has moved on, perhaps from another device: read it again, then retry.',
  ),
  'idempotency-mismatch': kind(
    422,
    '同一幂等键已用于不同的请求内容',
    'This Idempotency-Key was used with another body: use a new key for a new request.',
  ),
  'case-open-already': kind(
    409,
    '您已有正在办理的注销申请',
    'You already have an open application for this: continue or withdraw it.',
  ),
  'too-many-requests': {
    ...kind(429, '操作过于频繁', 'Too many requests.'),
    detail: {
      zh: '操作过于频繁,请{seconds}秒后再试',
      en: 'Too many requests: try again in {seconds} seconds.',
    },
  },
  busy: kind(503, '服务繁忙,请稍后再试', 'The service is busy: try again shortly.'),
  'storage-unavailable': kind(
    503,
    '系统暂时无法保存,本次操作未生效,请稍后再试',
    'Nothing can be stored at the moment, so this was not done: try again shortly.',
  ),
  'version-not-loaded': kind(
    503,
    '该申请所用的办理流程版本正在更换,请稍后再试',
    'This application is being moved to another version of its procedure: try again later.',
  ),
  internal: kind(500, '服务内部错误', 'Something went wrong on our side. Quote the id when you report it.'),

  required: kind(422, '此项必填', 'This field is required.'),
  invalid: kind(422, '此项填写有误', 'This value is not valid.'),
  'unknown-field': kind(422, '未知的字段', 'This field is not known here: leave it out.'),
  'too-long': kind(422, '内容过长', 'This value is too long.'),
  'too-short': kind(422, '内容过短', 'This value is too short.'),
  differs: kind(422, '与此前的请求不同', 'Differs from the earlier request.'),
};

function kind(status: number, zh: string, en: string): ProblemKind {
  return { status, title: { zh, en } };
}

export function inLanguage(text: Text, language: Language): string {
  return language === 'en' ? text.en : text.zh;
}

/** An RFC 9457 body. `detail` is the sentence for the person, `title` the same for every occurrence of the code. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: { pointer: string; code: string; message: string; reason?: string }[];
  [member: string]: unknown;
}

/** Puts a refusal into words. An unknown code is a mistake of ours and says so. */
export function describeProblem(
  catalogue: ProblemCatalogue,
  spec: ProblemSpec,
  language: Language,
  members: JsonObject = {},
): ProblemBody {
  const found = getKind(catalogue, spec.code);
  const errors = spec.errors?.map((error) => describeField(catalogue, error, language));
  const code = found.code ?? spec.code;
  return {
    type: `urn:banjian:problem:${code}`,
    title: fill(inLanguage(found.title, language), {}),
    status: found.status,
    detail:
      errors?.[0]?.message ?? fill(inLanguage(found.detail ?? found.title, language), spec.params ?? {}),
    code,
    ...(errors ? { errors } : {}),
    ...members,
  };
}

function describeField(catalogue: ProblemCatalogue, error: FieldError, language: Language) {
  const found = getKind(catalogue, error.code);
  const message = fill(inLanguage(found.detail ?? found.title, language), error.params ?? {});
  const reason = error.params?.reason;
  return {
    pointer: error.pointer,
    code: found.code ?? error.code,
    message,
    ...(typeof reason === 'string' ? { reason } : {}),
  };
}

function getKind(catalogue: ProblemCatalogue, code: string): ProblemKind {
  const found = catalogue[code] ?? generalProblems[code];
  if (!found) throw new Error(`no words for problem code ${code}`);
  return found;
}

/** Fills `{name}` from params. A name without a value is left out, with the digits it would have had. */
export function fill(template: string, params: { [name: string]: Json }): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  });
}
