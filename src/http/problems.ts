import type { ProblemCatalogue, ProblemKind } from '../engine/types.ts';

/** Words the HTTP layer needs beside the general ones: for files, which an avatar is too, and for signing in. */
export const httpProblems: ProblemCatalogue = {
  'file-type-unsupported': {
    ...kind(
      415,
      '仅支持 jpg、jpeg、png 格式',
      'Only JPEG and PNG images are accepted, whatever the file is called.',
    ),
    code: 'unsupported-media-type',
  },
  'file-broken': kind(422, '文件为空或已损坏', 'The file is empty or damaged.'),
  'file-too-large': {
    ...kind(413, '文件大小不能超过10MB', 'A file may have at most 10 MB.'),
    code: 'payload-too-large',
  },
  'channel-not-open': kind(422, '该登录渠道暂未开通,请使用 web', 'This channel is not open yet: use web.'),
  'image-too-large': kind(422, '图片尺寸过大', 'The image has too many pixels: at most 40 megapixels.'),
};

function kind(status: number, zh: string, en: string): ProblemKind {
  return { status, title: { zh, en } };
}
