/**
 * Sample engineers, every one of them invented, and nobody's data. Their ID numbers pass GB 11643, but their county
 * codes (…9999) were never given to a county, so nobody holds them; one is the example printed in that standard.
 * Their mobile numbers begin with 154, which no operator has been given.
 */
export interface PersonSample {
  invented: true;
  name: string;
  idNumber: string;
  mobile: string;
  /** Has an account on the platform. */
  registered: boolean;
  /** How the engineers' register has them. */
  register: 'valid' | 'deregistered' | 'none';
  employerName: string;
  specialties: readonly string[];
  /** GB/T 2261.1 */
  sex: '1' | '2';
  /** YYYY-MM-DD */
  birthDate: string;
}

const ordinary = { invented: true, registered: true, register: 'valid' } as const;

/** The most ordinary first. */
export const peopleSamples: readonly PersonSample[] = [
  {
    ...ordinary,
    name: '林知远',
    idNumber: '379999198504120030',
    mobile: '15400000001',
    employerName: '晴川示例工程监理有限公司',
    specialties: ['房屋建筑工程'],
    sex: '1',
    birthDate: '1985-04-12',
  },
  {
    ...ordinary,
    name: '苏映荷',
    idNumber: '449999199008230022',
    mobile: '15400000002',
    employerName: '南屿示例建设咨询有限公司',
    specialties: ['房屋建筑工程', '市政公用工程'],
    sex: '2',
    birthDate: '1990-08-23',
  },
  {
    ...ordinary,
    name: '周砚田',
    idNumber: '119999197803050017',
    mobile: '15400000003',
    employerName: '京畿示例铁路监理有限公司',
    specialties: ['铁路工程'],
    sex: '1',
    birthDate: '1978-03-05',
  },
  {
    ...ordinary,
    registered: false,
    name: '顾晚舟',
    idNumber: '519999198211170049',
    mobile: '15400000004',
    employerName: '锦江示例公路监理有限公司',
    specialties: ['公路工程'],
    sex: '2',
    birthDate: '1982-11-17',
  },
  {
    ...ordinary,
    registered: false,
    name: '程望川',
    idNumber: '329999198809260051',
    mobile: '15400000005',
    employerName: '江左示例水利监理有限公司',
    specialties: ['水利水电工程', '电力工程'],
    sex: '1',
    birthDate: '1988-09-26',
  },
  {
    ...ordinary,
    register: 'deregistered',
    name: '陆今禾',
    idNumber: '339999199312010061',
    mobile: '15400000006',
    employerName: '越溪示例项目管理有限公司',
    specialties: ['通信工程'],
    sex: '2',
    birthDate: '1993-12-01',
  },
  {
    ...ordinary,
    register: 'none',
    name: '韩立言',
    idNumber: '429999197506100076',
    mobile: '15400000007',
    employerName: '楚泽示例工程监理有限公司',
    specialties: ['机电安装工程'],
    sex: '1',
    birthDate: '1975-06-10',
  },
  {
    ...ordinary,
    // Over 65, and the example number of GB 11643 itself, with X for its check digit.
    name: '沈静秋',
    idNumber: '11010519491231002X',
    mobile: '15400000008',
    employerName: '京畿示例工程监理有限公司',
    specialties: ['冶炼工程'],
    sex: '2',
    birthDate: '1949-12-31',
  },
  {
    ...ordinary,
    name: '阿依努尔·图尔逊',
    idNumber: '659999198702140080',
    mobile: '15400000009',
    employerName: '天山示例化工监理有限公司',
    specialties: ['化工石油工程', '矿山工程'],
    sex: '2',
    birthDate: '1987-02-14',
  },
  {
    ...ordinary,
    // 𠮷 is U+20BB7, of extension B: two UTF-16 units, one character.
    name: '陈𠮷安',
    idNumber: '619999199107190099',
    mobile: '15400000010',
    employerName: '秦岭示例工程监理有限公司',
    specialties: ['航天航空工程'],
    sex: '1',
    birthDate: '1991-07-19',
  },
  {
    ...ordinary,
    name: '许知微',
    idNumber: '219999198605080125',
    mobile: '15400000011',
    employerName: '辽海示例港航监理有限公司',
    specialties: ['港口与航道工程'],
    sex: '2',
    birthDate: '1986-05-08',
  },
  {
    ...ordinary,
    registered: false,
    register: 'none',
    name: '方未名',
    idNumber: '509999199501300115',
    mobile: '15400000012',
    employerName: '山城示例农林监理有限公司',
    specialties: ['农林工程'],
    sex: '1',
    birthDate: '1995-01-30',
  },
];

export type FindSample = (idNumber: string) => PersonSample | undefined;

export function indexSamples(samples: readonly PersonSample[]): FindSample {
  const byIdNumber = new Map(samples.map((sample) => [sample.idNumber, sample]));
  return (idNumber) => byIdNumber.get(canonicalIdNumber(idNumber));
}

export function canonicalIdNumber(idNumber: string): string {
  return idNumber.trim().normalize('NFKC').toUpperCase();
}

export function sameName(one: string, other: string): boolean {
  return one.trim().normalize('NFC') === other.trim().normalize('NFC');
}
