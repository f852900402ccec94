"""Words of made-up administrative documents; {n}, {day} and {month} are filled in."""

WARDS = ("CẦU GIẤY", "HOÀN KIẾM", "ĐỐNG ĐA", "NGHĨA ĐÔ", "THANH XUÂN", "TÂY HỒ", "VĨNH TUY", "LONG BIÊN")
PEOPLE = (
    "Nguyễn Thị Thuý Hằng",
    "Trần Quốc Đạt",
    "Phạm Ngọc Ánh",
    "Lê Hữu Nghĩa",
    "Đỗ Xuân Trường",
    "Vũ Mỹ Duyên",
)
KINDS = (
    ("QUYẾT ĐỊNH", "QĐ"),
    ("THÔNG BÁO", "TB"),
    ("BÁO CÁO", "BC"),
    ("KẾ HOẠCH", "KH"),
    ("TỜ TRÌNH", "TTr"),
)
SUBJECTS = (
    "Về việc phê duyệt danh sách hộ gia đình được hỗ trợ sửa chữa nhà ở",
    "Về việc kiểm kê hồ sơ, tài liệu lưu trữ trước khi sắp xếp đơn vị hành chính",
    "Về việc tổ chức tiếp công dân định kỳ sáu tháng cuối năm",
    "Về việc cấp bản sao trích lục giấy khai sinh cho công dân trên địa bàn",
)
OPENINGS = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày {day} tháng {month} năm 2025;",
    "Căn cứ Luật Lưu trữ ngày 21 tháng 6 năm 2024 và các văn bản hướng dẫn thi hành;",
    "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;",
    "Theo đề nghị của Trưởng phòng Văn hóa - Xã hội tại Tờ trình số {n}/TTr-VHXH.",
)
SENTENCES = (
    "Giao Văn phòng Hội đồng nhân dân và Ủy ban nhân dân chủ trì, phối hợp với các đơn vị thực hiện.",
    "Các tổ dân phố rà soát, lập danh sách và niêm yết công khai trong thời hạn {n} ngày.",
    "Hồ sơ gồm đơn đề nghị, bản sao giấy tờ tùy thân và giấy xác nhận của cơ quan có thẩm quyền.",
    "Kinh phí thực hiện được bố trí từ nguồn ngân sách phường năm 2025 với tổng số tiền là {n}.500.000 đồng.",
    "Trong quá trình thực hiện nếu có vướng mắc, đề nghị phản ánh kịp thời về Ủy ban nhân dân phường.",
    "Bộ phận một cửa tiếp nhận, số hóa và trả kết quả đúng hạn cho người dân, không để hồ sơ quá hạn.",
    "Tài liệu chưa kịp số hóa phải được đóng gói, niêm phong, bàn giao và bảo vệ nghiêm ngặt theo quy định.",
    "Những người có tên trong danh sách chịu trách nhiệm về tính chính xác của thông tin đã kê khai.",
    "Công dân sinh ngày {day}/{month}/1987, số định danh 0012{n}04567, thường trú tại ngõ {n} Đê La Thành.",
)
