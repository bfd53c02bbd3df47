city-management-menu-grids = Unit grids
