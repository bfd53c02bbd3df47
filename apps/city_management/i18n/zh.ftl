city-management-menu-grids = 单元网格
