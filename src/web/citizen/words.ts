/** What the pages say themselves. Figures 1 to 10 verbatim; English is ours. */
export const words = {
  platform: {
    zh: '住房和城乡建设部政务服务平台',
    en: 'Government Service Platform of the Ministry of Housing and Urban-Rural Development',
  },
  otherLanguage: { zh: 'English', en: '中文' },
  back: { zh: '返回', en: 'Back' },
  home: { zh: '返回首页', en: 'To the start page' },
  cancel: { zh: '取消', en: 'Cancel' },
  confirm: { zh: '确定', en: 'Confirm' },
  close: { zh: '关闭', en: 'Close' },
  next: { zh: '下一步', en: 'Next' },
  chosen: { zh: '已选择', en: 'Chosen' },
  pleaseChoose: { zh: '请选择', en: 'Choose' },
  loading: { zh: '正在加载…', en: 'Loading…' },
  sending: { zh: '正在提交…', en: 'Sending…' },
  offline: {
    zh: '网络已断开,已填写的内容不会丢失,恢复后自动继续',
    en: 'You are offline. Nothing you typed is lost; it goes on by itself when you are back.',
  },
  retrying: { zh: '暂时无法连接,正在重试…', en: 'The service cannot be reached: trying again…' },

  search: { zh: '请输入关键词进行搜索', en: 'Search for a service' },
  searchDo: { zh: '搜索', en: 'Search' },
  nothingFound: { zh: '未找到相关事项', en: 'No service was found.' },
  services: { zh: '事项办理', en: 'Services' },
  myCases: { zh: '我的办件', en: 'My applications' },
  myCasesHint: { zh: '查看进度、回执,或撤回申请', en: 'Progress, receipts, withdrawal' },

  profileHint: { zh: '头像和昵称', en: 'Avatar and nickname' },

  login: { zh: '用户登录', en: 'Sign in' },
  loginDo: { zh: '登录', en: 'Sign in' },
  avatar: { zh: '头像', en: 'Avatar' },
  avatarSet: { zh: '点击此处设置头像', en: 'Tap here to set an avatar' },
  avatarMissing: { zh: '请设置头像', en: 'Set an avatar first.' },
  nickname: { zh: '昵称', en: 'Nickname' },
  nicknameEnter: { zh: '请输入昵称', en: 'Enter a nickname' },
  nicknameSet: { zh: '点击此处设置昵称', en: 'Tap here to set a nickname' },

  chooseMatter: { zh: '请选择办理事项', en: 'Choose a service' },
  notOffered: { zh: '该事项暂未在此开通', en: 'This service is not yet offered here.' },
  guide: { zh: '办事指南', en: 'Service guide' },
  applyOnline: { zh: '在线办理', en: 'Apply online' },
  itemCode: { zh: '事项编码', en: 'Item code' },
  openAlready: { zh: '您已有正在办理的注销申请', en: 'You already have an open application.' },
  goOn: { zh: '继续办理', en: 'Go on with it' },

  identity: { zh: '身份核验', en: 'Identity check' },
  notice: { zh: '提示', en: 'Please note' },
  samplesTitle: { zh: '模拟环境:使用虚构人员', en: 'Simulation: use an invented person' },
  samplesHint: {
    zh: '以下人员均为虚构,点击即可填入。',
    en: 'These people are invented. Tap one to fill in the form.',
  },
  registered: { zh: '已注册', en: 'has an account' },
  notRegistered: { zh: '未注册', en: 'no account yet' },

  registration: { zh: '用户注册', en: 'Register' },
  registrationGuide: { zh: '《个人注册指南》', en: 'Guide to registration' },
  registrationGuideText: {
    zh: '请按居民身份证如实填写各项信息。获取验证码后5分钟内有效。登陆密码为8-16位字符,必须由数字、字母组成。注册成功后进入人脸识别。',
    en: 'Fill in everything as on your identity card. A code is valid for 5 minutes. The password has 8–16 characters, digits and letters. The face check comes next.',
  },
  name: { zh: '姓名', en: 'Name' },
  idNumberShort: { zh: '身份证号', en: 'ID number' },
  idType: { zh: '证件类型', en: 'Kind of ID' },
  residentIdCard: { zh: '居民身份证', en: 'Resident identity card' },
  sendCode: { zh: '获取验证码', en: 'Send code' },
  simulatedMessage: { zh: '模拟短信', en: 'Simulated message' },
  showMessage: { zh: '模拟环境:查看收到的短信', en: 'Simulation: show the message received' },
  noMessage: { zh: '暂无短信', en: 'No message yet.' },

  face: { zh: '人脸识别', en: 'Face verification' },
  feedback: { zh: '意见反馈', en: 'Feedback' },
  feedbackText: {
    zh: '如对本服务有意见或建议,请向政务服务平台运营方反馈。',
    en: 'If you have comments on this service, tell the operator of the platform.',
  },
  faceOpen: { zh: '前往人脸识别', en: 'Go to the face check' },
  faceDone: { zh: '我已完成识别', en: 'I have finished it' },
  facePassed: { zh: '已通过', en: 'Passed' },

  pledgeRead: { zh: '查看承诺书', en: 'Read the commitment letter' },
  pledgeAccept: { zh: '我已阅读并同意', en: 'I have read and accept it' },
  pledgeAccepted: { zh: '已同意承诺书', en: 'Commitment letter accepted' },
  files: { zh: '附件(格式 jpg,jpeg,png)', en: 'Documents (jpg, jpeg, png)' },
  upload: { zh: '上传材料', en: 'Upload a document' },
  takePhoto: { zh: '拍照', en: 'Take a photo' },
  fromAlbum: { zh: '从相册选择', en: 'Choose from album' },
  remove: { zh: '删除', en: 'Remove' },
  uploading: { zh: '正在上传', en: 'Uploading' },
  retry: { zh: '重试', en: 'Try again' },
  saved: { zh: '草稿已保存', en: 'Draft saved' },
  previous: { zh: '上一步', en: 'Back' },

  open: { zh: '查看办件', en: 'Open' },
  progress: { zh: '办理进度', en: 'Progress' },
  withdraw: { zh: '撤回申请', en: 'Withdraw' },
  withdrawAsk: {
    zh: '确定撤回本次申请吗?撤回后需重新办理。',
    en: 'Withdraw this application? You would have to begin anew.',
  },
  receipt: { zh: '下载回执', en: 'Download receipt' },
  receiptNotYet: { zh: '回执正在生成,请稍后再试', en: 'The receipt is being made: try again shortly.' },
  noCases: { zh: '暂无办件', en: 'No applications yet.' },
  openedAt: { zh: '申请时间', en: 'Opened' },
  reference: { zh: '办件编号', en: 'Reference' },
  filingNumber: { zh: '受理编号', en: 'Filing number' },
  more: { zh: '查看更多', en: 'Show more' },
  working: { zh: '正在处理,请稍候…', en: 'Work is under way, one moment…' },
  unknownPage: { zh: '未找到该页面', en: 'This page does not exist.' },
} as const;

/** Figure 9, the labels of what the register knows. */
export const registerLabels = {
  name: { zh: '姓名', en: 'Name' },
  sex: { zh: '性别', en: 'Sex' },
  idType: { zh: '证件类型', en: 'Kind of ID' },
  idNumber: { zh: '证件号码', en: 'ID number' },
  birthDate: { zh: '出生日期', en: 'Date of birth' },
  mobile: { zh: '手机号码', en: 'Mobile number' },
  employerName: { zh: '单位名称', en: 'Employer' },
  specialty1: { zh: '申请注册专业1', en: 'Specialty 1' },
} as const;

/** GB/T 2261.1, and the one kind of ID. */
export const registerValues: Record<string, { zh: string; en: string }> = {
  'sex.1': { zh: '男', en: 'Male' },
  'sex.2': { zh: '女', en: 'Female' },
  'idType.resident-id-card': words.residentIdCard,
};

/** Where a case stands, in few words, by the outermost part of its state. */
export const stateTitles: Record<string, { zh: string; en: string }> = {
  identity: words.identity,
  registration: words.registration,
  faceVerification: words.face,
  eligibility: { zh: '注册信息核对', en: 'Register check' },
  notice: { zh: '申报须知', en: 'Notice' },
  form: { zh: '申报信息', en: 'Information' },
  result: { zh: '申报告知', en: 'Result' },
  submitting: { zh: '正在提交', en: 'Being submitted' },
  submissionFailed: { zh: '提交未完成', en: 'Not submitted yet' },
  submitted: { zh: '已提交', en: 'Submitted' },
  notEligible: { zh: '不符合办理条件', en: 'Not eligible' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
};
