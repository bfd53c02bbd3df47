-- Local differences are rows. `services_resource` is the catalogue code of the resource that lists the services.
CREATE TABLE portal.setting (
    name  text NOT NULL PRIMARY KEY,
    value text NOT NULL
);

-- What people come for, by month and by hour of the day in China; an empty list of months means all year.
CREATE TABLE portal.today_card (
    card_id   integer    NOT NULL PRIMARY KEY,
    title     text       NOT NULL,
    title_en  text       NOT NULL,
    hint      text       NOT NULL,
    hint_en   text       NOT NULL,
    path      text       NOT NULL,
    icon      text       NOT NULL,
    months    smallint[] NOT NULL,
    hour_from smallint   NOT NULL,
    hour_to   smallint   NOT NULL,
    weight    smallint   NOT NULL
);
INSERT INTO portal.today_card VALUES
    (1, '办社会保险', 'Social insurance', '参保、缴费、转移', 'Enrol, pay, transfer', '/services?q=社会保险', 'shield', '{}', 0, 24, 40),
    (2, '入学与转学', 'School places', '报名、缓学、转学', 'Enrol, defer, transfer', '/services?q=入学', 'school', '{5,6,7,8}', 0, 24, 90),
    (3, '就业与补贴', 'Work and subsidies', '失业登记、创业补贴', 'Register, start a business', '/services?q=就业', 'briefcase', '{1,2,3,7,10,11,12}', 0, 24, 60),
    (4, '看病与医保', 'Doctors and insurance', '医保报销、异地就医', 'Claims, care elsewhere', '/services?q=医', 'stethoscope', '{}', 0, 24, 50),
    (5, '照顾老人', 'Care for the elderly', '高龄津贴、养老服务', 'Allowances, services', '/services?q=老年', 'heart', '{}', 0, 24, 35),
    (6, '开办企业', 'Start a company', '设立、变更、注销', 'Found, change, close', '/services?q=企业', 'building-store', '{}', 8, 19, 45),
    (7, '查开放数据', 'Open data', '免费下载、接口调用', 'Download, call, reuse', '/data', 'database', '{}', 0, 24, 20),
    (8, '查行政区划', 'Divisions', '镇村名称与代码', 'Names and codes', '/search?q=区划', 'map', '{}', 0, 24, 10);
